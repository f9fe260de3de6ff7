"""A scenario that is written out reads back as the same."""

from pathlib import Path

import pytest

from bridge.testbed.input_file import SIZE_MAX
from bridge.testbed.scenario_file import load_scenario, parse_scenario, shipped_scenarios
from bridge.testbed.scenario_text import save_scenario, scenario_text
from tests.support.documents import GOOD, parsed


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_shipped_scenario_reads_back_as_itself(name: str) -> None:
    scenario = load_scenario(name)
    content = scenario_text(scenario).encode()
    assert len(content) <= SIZE_MAX
    again = parse_scenario(content, "again.toml")
    assert again == scenario
    assert again.sha256() == scenario.sha256()


def test_amounts_keep_their_decimals() -> None:
    text = scenario_text(parsed(GOOD))
    assert 'amount = "1000.00"' in text
    assert 'holding_limit = "1000"' in text


def test_what_goes_without_saying_is_left_out() -> None:
    text = scenario_text(parsed(GOOD))
    assert "validators" not in text
    assert "finality_lag = 2" in text


def test_a_saved_scenario_can_be_run_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "saved.toml"
    save_scenario(parsed(GOOD), path)
    assert load_scenario(path) == parsed(GOOD)
