"""``main.py run dvp``: the whole way from a file to a verdict, as a stranger would take it."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from bridge.testbed.scenario_file import find_scenario, load_scenario
from bridge.testbed.summary import Summary
from chains.selection import EngineName, choose
from tests.support.command_line import Finished, main_py

KEYS = {
    *("schema_version", "scenario", "scenario_sha256", "seed", "engine", "protocol"),
    *("contract_code_hashes", "trades", "expectations", "violations", "gas_used"),
    *("gas_per_settled_trade", "blocks", "journal_sha256", "virtual_seconds", "wall_seconds"),
}
PER_RUN = ("wall_seconds",)
RUN_MAX_S = 15
SHORT = 'expect = "aborted"\nbecause = "MONY"'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="module")
def first(place: Path) -> Finished:
    return main_py("run", "dvp", "--json", str(place / "first.json"), hash_seed=1)


@pytest.fixture(scope="module")
def second(place: Path) -> Finished:
    (place / "second.json").write_text("what an older run left here")
    return main_py("run", "dvp", "--json", str(place / "second.json"), hash_seed=2)


def summary_of(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def test_the_shipped_example_meets_its_expectations(first: Finished) -> None:
    assert (first.code, first.err) == (0, "")
    assert first.seconds < RUN_MAX_S


def test_the_summary_has_the_agreed_keys(first: Finished, place: Path) -> None:
    summary = summary_of(place / "first.json")
    assert summary.keys() == KEYS
    assert summary["schema_version"] == 1
    assert summary["trades"] == {"total": 4, "settled": 2, "aborted": 2, "pending": 0}
    assert summary["expectations"] == {"met": 5, "failed": 0}
    assert summary["violations"] == []
    assert summary["engine"] == choose(EngineName.AUTO).name
    assert summary["scenario_sha256"] == load_scenario("dvp").sha256()
    assert set(summary["blocks"]) == set(summary["gas_used"]) == {"shanghai", "london"}
    assert re.fullmatch(r"0x[0-9a-f]{64}", summary["blocks"]["london"]["hash"])
    assert re.fullmatch(r"[0-9a-f]{64}", summary["journal_sha256"])


def test_the_summary_reads_back_as_the_model_of_it(first: Finished, place: Path) -> None:
    text = (place / "first.json").read_text()
    assert Summary.model_validate_json(text).as_json() == text


def test_both_chains_have_the_same_contracts(first: Finished, place: Path) -> None:
    hashes = summary_of(place / "first.json")["contract_code_hashes"]
    assert hashes["shanghai"]["settlement"] == hashes["london"]["settlement"]
    assert hashes["shanghai"]["SMDC"] == hashes["london"]["tGBP"]


def test_two_processes_make_the_same_journal_and_blocks(
    first: Finished, second: Finished, place: Path
) -> None:
    one, two = (summary_of(place / f"{name}.json") for name in ("first", "second"))
    assert one["journal_sha256"] == two["journal_sha256"]
    assert one["blocks"] == two["blocks"]
    for key in PER_RUN:
        one.pop(key), two.pop(key)
    assert one == two
    assert strip_wall_time(first.out) == strip_wall_time(second.out)


def test_another_seed_makes_other_blocks(first: Finished, place: Path) -> None:
    assert main_py("run", "dvp", "--seed", "7", "--json", str(place / "other.json")).code == 0
    one, other = (summary_of(place / f"{name}.json") for name in ("first", "other"))
    assert other["seed"] == 7
    assert one["journal_sha256"] != other["journal_sha256"]
    assert one["blocks"]["london"]["hash"] != other["blocks"]["london"]["hash"]
    assert one["trades"] == other["trades"]


def test_the_tables_tell_the_whole_story(first: Finished) -> None:
    for part in ("Trades", "Positions", "Conservation", "Gas", "[MONY]", "[REFU]", "held"):
        assert part in first.out
    assert "4 trades: 2 settled, 2 aborted, 0 pending" in first.out


def test_plain_output_has_no_control_characters(first: Finished) -> None:
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", first.out)


def test_a_trade_is_delivered_only_below_the_line_that_decides_it(first: Finished) -> None:
    timelines = re.split(r"\n(?=DVP\d+, )", first.out)[1:]
    assert len(timelines) == 4
    for timeline in timelines:
        decision = min(timeline.find(word) for word in ("COMMITTED", "ABORTED") if word in timeline)
        for word in ("executed", "released"):
            assert word not in timeline[:decision]


def test_a_summary_replaces_an_older_one_and_leaves_nothing_else(
    first: Finished, second: Finished, place: Path
) -> None:
    assert summary_of(place / "second.json")["scenario"] == "dvp"
    assert not [path for path in place.iterdir() if path.suffix != ".json"]


def strip_wall_time(text: str) -> str:
    return re.sub(r"in [0-9.]+ s, seed", "in some time, seed", text)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The shipped example, expecting the wrong end of one trade."""
    text = find_scenario("dvp").read_text(encoding="utf-8")
    path = tmp_path / "broken.toml"
    path.write_text(text.replace(SHORT, 'expect = "settled"'), encoding="utf-8")
    return path


def test_a_failed_expectation_exits_1_with_evidence(broken: Path, tmp_path: Path) -> None:
    done = main_py("run", str(broken), "--json", str(tmp_path / "s.json"), TMPDIR=str(tmp_path))
    assert done.code == 1
    assert summary_of(tmp_path / "s.json")["expectations"] == {"met": 4, "failed": 1}
    assert "DVP0003" in done.out
    assert "trade DVP0003: expected settled, but it is aborted" in done.out
    evidence = Path(done.error_lines[-1].removeprefix("evidence: "))
    assert (evidence / "journal.jsonl").read_bytes().startswith(b'{"journal":"lockstep"')
    assert "DVP0003" in (evidence / "report.html").read_text(encoding="utf-8")
    assert os.path.commonpath([evidence, tmp_path]) == str(tmp_path)
