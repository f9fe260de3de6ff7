"""``scenarios``: list, show, check, and completion of their names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.testbed.scenario_file import load_scenario, shipped_scenarios
from tests.support.command_line import ROOT, RUN_MAX_S, main_py, surroundings


def test_the_bare_command_lists_them() -> None:
    done = main_py("scenarios")
    assert done.out == main_py("scenarios", "list").out
    assert [line.split()[0] for line in done.out.splitlines()] == list(shipped_scenarios())


def test_a_scenario_is_shown_with_what_is_expected_and_what_goes_wrong() -> None:
    done = main_py("scenarios", "show", "relayer_restart")
    assert done.code == 0
    assert "What goes wrong on purpose" in done.out
    assert "settled" in done.out


def test_a_shown_file_is_one_to_start_from(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(main_py("scenarios", "show", "dvp", "--toml").out, encoding="utf-8")
    assert load_scenario(path) == load_scenario("dvp")


def test_checking_tells_everything_that_is_wrong_and_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("schema = 1\nname = 'x'\n", encoding="utf-8")
    done = main_py("scenarios", "check", "dvp", str(path), "nothing")
    assert (done.code, done.out) == (3, "")
    assert sum(line.startswith(str(path)) for line in done.error_lines) > 3
    assert "'nothing'" in done.err


def test_good_scenarios_are_named_with_their_hash() -> None:
    done = main_py("scenarios", "check", "dvp", "pvp")
    assert done.code == 0
    assert load_scenario("pvp").sha256() in done.out


COMPLETE = """
source <(./main.py --show-completion bash)
COMP_WORDS=($1) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
$(complete -p main.py | sed 's/.*-F \\([^ ]*\\).*/\\1/') ./main.py
echo "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("./main.py run cross", "cross_currency_dvp"),
        ("./main.py scenarios sh", "show"),
        ("./main.py run dvp --max", "--max-virtual-seconds"),
        ("./main.py run nothing_like_it", ""),
    ],
)
def test_bash_completes_commands_options_and_names(words: str, offered: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", COMPLETE, "bash", words],
        env=surroundings(PATH=path, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=RUN_MAX_S,
        check=True,
    )
    assert done.stdout.strip() == offered
