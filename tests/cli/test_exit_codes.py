"""What goes wrong ends in one clear line, the right code, and nothing half done."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bridge.errors import ExitCode
from bridge.testbed.scenario_file import find_scenario
from tests.support.command_line import ROOT, RUN_MAX_S, Finished, main_py, surroundings

QUICK_S = 3  # a process start on a busy machine; the work itself stays below a second


def assert_refused(done: Finished, code: ExitCode, *words: str) -> None:
    assert done.code == code, done.err
    assert done.out == ""
    assert "Traceback" not in done.err
    assert "Value error" not in done.err
    assert len(done.error_lines) == 1
    for word in words:
        assert word in done.err
    assert done.seconds < QUICK_S


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("run",), "Missing argument"),
        (("rnu", "dvp"), "Did you mean 'run'?"),
        (("scenarios", "list", "extra"), "extra"),
        (("run", "dvp", "--jobs", "0"), "--jobs"),
        (("run", "dvp", "--max-virtual-seconds", "0"), "--max-virtual-seconds"),
        (("run", "dvp", "--set", "seed"), "key=value"),
        (("run", "dvp", "--set", "trades[9].hub=london"), "trades[9].hub"),
        (("run", "dvp", "dvp", "--save-scenario", "s.toml"), "--save-scenario"),
        (("run", "dvp", "--json", "x.json", "--junit", "./x.json"), "--json"),
        (("demo", "--language", "de"), "zh"),
        (("demo", "--pace", "-1"), "--pace"),
        (("run", "dvp", "--sead", "1"), "--sead"),
        (("run", "dvp", "--seed"), "--seed"),
        (("run", "dvp", "--seed", "-1"), "--seed '-1'"),
        (("run", "dvp", "--seed", "abc"), "--seed 'abc'"),
        (("run", "dvp", "--seed", "1.5"), "--seed '1.5'"),
        (("run", "dvp", "--seed", "１"), "--seed"),
        (("run", "dvp", "--seed", "18446744073709551616"), "18446744073709551615"),
        (("run", "dvp", "--engine", "abacus"), "pyevm"),
    ],
    ids=str,
)
def test_a_wrong_command_line_is_usage(arguments: tuple[str, ...], word: str) -> None:
    assert_refused(main_py(*arguments), ExitCode.USAGE, word)


@pytest.mark.parametrize("target", ["dpv", "", ".", "/dev/zero", "missing.toml", "\n.toml"])
def test_a_wrong_file_is_bad_input(target: str) -> None:
    assert_refused(main_py("run", target), ExitCode.BAD_INPUT, "E-SCENARIO-")


def test_every_fault_of_a_file_has_a_line_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    text = find_scenario("dvp").read_text(encoding="utf-8")
    path.write_text(text.replace('"CNY"', '"cny"').replace("SHGB29]", "shgb29]"), encoding="utf-8")
    done = main_py("run", str(path))
    assert done.code == ExitCode.BAD_INPUT
    assert len(done.error_lines) == 4
    assert all(line.startswith(f"{path}:") for line in done.error_lines)


@pytest.mark.parametrize(
    "target", ["/dev/null", "/nowhere/summary.json", ".", "/proc/summary.json"]
)
def test_an_unwritable_summary_is_told_before_the_run(target: str) -> None:
    done = main_py("run", "dvp", "--json", target)
    assert_refused(done, ExitCode.ENVIRONMENT, "nothing can be written here")


def test_a_summary_does_not_overwrite_its_scenario(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(find_scenario("dvp").read_bytes())
    before = path.read_bytes()
    assert_refused(main_py("run", str(path), "--json", str(path)), ExitCode.USAGE, "itself")
    assert path.read_bytes() == before


def test_a_bad_scenario_leaves_no_summary(tmp_path: Path) -> None:
    target = tmp_path / "summary.json"
    assert main_py("run", "nothing", "--json", str(target)).code == ExitCode.BAD_INPUT
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_behind_standard_output_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), "scenarios"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=surroundings(),
            timeout=RUN_MAX_S,
            check=False,
        )
    assert done.returncode == ExitCode.ENVIRONMENT
    assert b"E-ENVIRONMENT-STDOUT" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_early_does_not_disturb_the_run() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "run", "dvp"],
        stdout=write_end,
        stderr=subprocess.PIPE,
        env=surroundings(),
        timeout=RUN_MAX_S,
        check=False,
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_is_as_good_as_a_silent_one(closed: str) -> None:
    command = f"exec '{sys.executable}' '{ROOT / 'main.py'}' scenarios {closed}"
    done = subprocess.run(["sh", "-c", command], env=surroundings(), timeout=RUN_MAX_S, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("after_s", [0.15, 0.3, 0.6, 0.9])
def test_an_interrupted_run_ends_at_once_without_a_traceback(after_s: float) -> None:
    child = subprocess.Popen(
        [sys.executable, "-u", str(ROOT / "main.py"), "run", "dvp", "--seed", "5"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(),
    )
    time.sleep(after_s)
    child.send_signal(signal.SIGINT)
    interrupted_s = time.monotonic()
    out, err = child.communicate(timeout=RUN_MAX_S)
    assert time.monotonic() - interrupted_s < QUICK_S
    assert child.returncode in (ExitCode.INTERRUPTED, -signal.SIGINT, ExitCode.OK), err
    assert b"Traceback" not in err
    if child.returncode == ExitCode.INTERRUPTED:
        assert out == b""
        assert b"stopped" in err


@pytest.mark.parametrize(
    "arguments",
    [(), ("--help",), ("run", "--help"), ("demo", "--help"), ("scenarios", "show", "--help")],
)
def test_help_teaches_at_once(arguments: tuple[str, ...]) -> None:
    done = main_py(*arguments)
    assert (done.code, done.err) == (0, "")
    assert "Usage: main.py" in done.out
    assert done.seconds < QUICK_S


def test_help_without_a_command_has_examples_and_exit_codes() -> None:
    out = main_py().out
    assert "main.py run dvp" in out
    assert "Exit codes" in out


def test_the_shipped_scenarios_are_listed_with_what_they_show() -> None:
    done = main_py("scenarios")
    assert done.code == 0
    assert all(len(line.split(maxsplit=1)) == 2 for line in done.out.splitlines())
    assert "dvp" in done.out
