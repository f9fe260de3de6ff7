"""The page about scenarios is true: its example runs, and it names everything that there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from bridge.testbed import scenario as parts
from bridge.testbed.blotter import COLUMNS
from bridge.testbed.fault_texts import FAULT_TERMS, PART_OF
from bridge.testbed.scenario_file import load_scenario, parse_scenario, shipped_scenarios
from bridge.testbed.summary import verdict
from bridge.testbed.verdicts import REASONS
from tests.support.shipped import faults, run_to_its_end

PAGE: Final = (Path(__file__).resolve().parents[2] / "docs" / "scenarios.md").read_text("utf-8")
TOML: Final = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
CSV: Final = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
GUIDE, SHIPPED = PAGE.split("## What is shipped")
ROW: Final = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)


def test_the_example_is_a_scenario_that_meets_its_expectations() -> None:
    testbed = run_to_its_end(parse_scenario(TOML[0].encode(), "example.toml"))
    assert verdict(testbed.query()) == 0
    assert faults(testbed) == [("relayer_silence", "relayer")]


def test_the_lists_of_what_people_do_belong_to_the_example() -> None:
    scenario = parse_scenario((TOML[0] + TOML[1]).encode(), "example.toml")
    assert (len(scenario.objections), len(scenario.cancellations)) == (1, 1)


def test_the_rows_of_the_blotter_belong_to_the_example(tmp_path: Path) -> None:
    (tmp_path / "market_day.csv").write_text(CSV[0])
    (tmp_path / "example.toml").write_text('blotter = "market_day.csv"\n' + TOML[0])
    scenario = load_scenario(tmp_path / "example.toml")
    assert len(scenario.trades) == 4
    assert CSV[0].splitlines()[0] == ",".join(COLUMNS)


def test_every_key_is_on_the_page() -> None:
    models: set[type[BaseModel]] = {parts.Scenario, *PART_OF.values()}
    keys = {field.alias or name for part in models for name, field in part.model_fields.items()}
    assert {key for key in keys if not re.search(rf"\b{key}\b", PAGE)} == set()


def test_every_kind_of_fault_has_a_row_with_its_keys() -> None:
    rows = dict(ROW.findall(GUIDE))
    assert rows.keys() == FAULT_TERMS.keys()
    for kind, part in FAULT_TERMS.items():
        for key in part.model_fields.keys() - {"kind", "at_s"}:
            assert f"`{key}`" in rows[kind]


def test_every_reason_is_on_the_page() -> None:
    assert [reason for reason in REASONS if reason not in PAGE] == []


def test_every_shipped_scenario_is_listed_with_what_it_is_about() -> None:
    listed = dict(ROW.findall(SHIPPED))
    assert listed == {name: load_scenario(name).about for name in shipped_scenarios()}
