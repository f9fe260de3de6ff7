"""Files that a run leaves: whole or not at all, and never a traceback on screen."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.errors import EnvironmentFault, ExitCode
from bridge.events import RunFinished
from bridge.journal import Journal
from bridge.testbed.atomic_file import AtomicFile
from bridge.testbed.bug_bundle import LastResort, write_journal


def test_a_committed_file_has_its_whole_content(tmp_path: Path) -> None:
    with AtomicFile(tmp_path / "out.json") as output:
        assert not (tmp_path / "out.json").exists()
        output.commit("{}\n")
    assert (tmp_path / "out.json").read_text() == "{}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_an_abandoned_file_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old")
    with pytest.raises(KeyboardInterrupt), AtomicFile(target):
        raise KeyboardInterrupt
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_content_that_breaks_off_while_it_is_made_leaves_the_old_one(tmp_path: Path) -> None:
    def pieces() -> Iterator[str]:
        yield "new"
        raise KeyboardInterrupt

    target = tmp_path / "out.json"
    target.write_text("old")
    with pytest.raises(KeyboardInterrupt), AtomicFile(target) as output:
        output.commit_all(pieces())
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    link, target = tmp_path / "link.json", tmp_path / "target.json"
    target.write_text("old")
    link.symlink_to(target)
    with AtomicFile(link) as output:
        output.commit("new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.parametrize("target", ["/dev/null", "/", "/nowhere/x.json", "x" * 300, "a\x00b"])
def test_a_place_that_cannot_be_written_is_refused_at_once(target: str) -> None:
    with pytest.raises(EnvironmentFault, match="nothing can be written here") as caught:
        AtomicFile(Path(target))
    assert caught.value.exit_code == ExitCode.ENVIRONMENT


def test_a_device_is_never_replaced(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault):
        AtomicFile(Path("/dev/full"))
    assert Path("/dev/full").is_char_device()


def test_an_unforeseen_error_becomes_a_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with LastResort() as last_resort:
        last_resort.journal = Journal()
        last_resort.journal.append(0, RunFinished("it broke"))
        raise LookupError("a state that should be impossible")
    assert last_resort.bundle is not None
    assert "a state that should be impossible" in (last_resort.bundle / "bug.txt").read_text()
    lines = (last_resort.bundle / "journal.jsonl").read_bytes().splitlines()
    assert json.loads(lines[1])["reason"] == "it broke"


def test_an_interruption_is_no_bug() -> None:
    with pytest.raises(KeyboardInterrupt), LastResort() as last_resort:
        raise KeyboardInterrupt
    assert last_resort.bundle is None


def test_nothing_wrong_leaves_no_bundle() -> None:
    with LastResort() as last_resort:
        pass
    assert last_resort.bundle is None


def test_the_written_journal_is_the_hashed_one(tmp_path: Path) -> None:
    journal = Journal()
    journal.append(7, RunFinished("done"))
    assert write_journal(journal, tmp_path).read_bytes() == b"".join(journal.lines())
