"""Help reads as it was written, at any command and in any width."""

import re

import pytest

from tests.support.command_line import main_py

COMMANDS = (
    *((), ("run",), ("demo",), ("desktop",), ("replay",), ("diff",), ("doctor",)),
    *(("scenarios", "show"), ("scenarios", "check"), ("trade", "show"), ("trade", "why")),
    *(("block", "show"), ("proof", "show"), ("proof", "verify")),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_shows_no_markup_and_fits_its_page(command: tuple[str, ...]) -> None:
    done = main_py(*command, "--help", COLUMNS="100")
    assert (done.code, done.err) == (0, "")
    assert not re.search(r"\\b|\x08", done.out)
    assert max(map(len, done.out.splitlines())) <= 100


def test_every_example_of_run_stands_on_a_line_of_its_own() -> None:
    told = main_py("run", "--help", COLUMNS="80").out.splitlines()
    assert "    main.py run dvp --seed 7" in told
    assert "    main.py run dvp --set participants.suzhou.policy=prompt" in told


def test_an_argument_is_called_what_the_text_calls_it() -> None:
    assert "{SCENARIO}..." in main_py("run", "--help").out
    assert "Missing argument 'SCENARIO'" in main_py("run").err


def test_the_runs_that_diff_compares_are_told_apart() -> None:
    assert "{RUN_A} {RUN_B}" in main_py("diff", "--help").out
