"""Files of every kind: read whole, quickly, or refused in one line."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bridge.errors import ExitCode, ScenarioError
from bridge.testbed.input_file import SIZE_MAX, read_bounded
from bridge.testbed.scenario_file import find_scenario, load_scenario, shipped_scenarios
from tests.support.documents import GOOD


def refusal(target: str | Path) -> ScenarioError:
    """The error that a file gets, in less than a second."""
    started_s = time.monotonic()
    with pytest.raises(ScenarioError) as caught:
        load_scenario(target)
    assert time.monotonic() - started_s < 1
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == ExitCode.BAD_INPUT
    return caught.value


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a scenario with spaces, 上海.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_scenario(path).name == "small"
    assert load_scenario(str(path)).name == "small"


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "full.toml"
    path.write_text(GOOD + "#" * (SIZE_MAX - len(GOOD)))
    assert load_scenario(path).name == "small"


def test_a_file_one_byte_larger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "over.toml"
    path.write_text(GOOD + "#" * (SIZE_MAX - len(GOOD) + 1))
    assert refusal(path).code == "E-SCENARIO-SIZE"


def test_a_file_of_two_gigabytes_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "sparse.toml"
    with path.open("wb") as stream:
        stream.truncate(2 * 1024**3)
    assert refusal(path).code == "E-SCENARIO-SIZE"


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/full"])
def test_a_device_is_refused(device: str) -> None:
    assert refusal(Path(device)).code == "E-SCENARIO-NO-FILE"


def test_a_pipe_without_a_writer_keeps_nobody_waiting(tmp_path: Path) -> None:
    path = tmp_path / "pipe.toml"
    os.mkfifo(path)
    assert refusal(path).code == "E-SCENARIO-NO-FILE"


def test_a_directory_is_refused(tmp_path: Path) -> None:
    assert "is a directory" in refusal(tmp_path).message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "missing.toml").message


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "loop.toml"
    path.symlink_to(path)
    assert refusal(path).code == "E-SCENARIO-UNREADABLE"


@contextmanager
def no_privileges() -> Iterator[None]:
    """Root may read everything, so root becomes nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.toml"
    path.write_text(GOOD)
    path.chmod(0)
    with no_privileges():
        assert refusal(path).message == "cannot be read: permission denied"


@pytest.mark.parametrize("name", ["a\nb.toml", "x" * 5_000 + ".toml", "\udcff.toml", "a\x00.toml"])
def test_an_odd_path_is_told_in_one_short_line(name: str) -> None:
    assert len(str(refusal(Path(name)))) < 300


def test_a_shipped_scenario_is_found_by_name() -> None:
    assert "dvp" in shipped_scenarios()
    assert find_scenario("dvp").name == "dvp.toml"


def test_a_shipped_name_wins_over_a_file_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dvp").write_text(GOOD)
    assert load_scenario("dvp").name == "dvp"
    assert load_scenario("./dvp").name == "small"


def test_a_misspelt_name_gets_a_hint() -> None:
    assert refusal("dvpp").hint == "did you mean dvp?"


def test_two_letters_swapped_are_nearer_than_another_letter() -> None:
    assert refusal("dpv").hint == "did you mean dvp?"  # and not pvp, which shares as many


def test_a_name_without_a_likeness_is_told_what_there_is() -> None:
    assert refusal("zzzzzz").hint.startswith("there is ")


def test_a_list_that_is_cut_says_how_much_is_left_off() -> None:
    assert refusal("zzzzzz").hint.endswith(f" and {len(shipped_scenarios()) - 8} more")


def test_reading_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "kept.toml"
    path.write_text(GOOD)
    path.chmod(0o444)
    before = path.stat()
    read_bounded(path)
    assert (path.stat().st_mtime_ns, path.read_text()) == (before.st_mtime_ns, GOOD)
