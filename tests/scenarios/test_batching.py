"""Batching changes what a run costs, and nothing of what comes of it."""

from __future__ import annotations

import pytest

from bridge.events import PositionRecorded
from bridge.testbed.scenario_file import load_scenario, shipped_scenarios
from bridge.testbed.testbed import Testbed
from tests.support.runs import events


def ends(name: str, *, batching: bool) -> tuple[object, ...]:
    """Outcomes with their causes, positions, expectations and broken rules of a whole run."""
    asked = load_scenario(name).model_copy(update={"batching": batching})
    testbed = Testbed.from_scenario(asked)
    known = testbed.run()
    causes = {trade_id: known.explain(trade_id) for trade_id in known.trades}
    outcomes = {
        trade.instruction.reference: (trade.verdict, found and found.cause)
        for trade_id, trade in known.trades.items()
        for found in (causes[trade_id],)
    }
    positions = tuple(event for _, event in events(testbed, PositionRecorded))
    expectations = [(e.reference, e.expected, e.met) for e in known.expectations]
    return outcomes, positions, expectations, known.violations


@pytest.mark.parametrize("name", shipped_scenarios())
def test_with_and_without_batching_every_scenario_ends_alike(name: str) -> None:
    outcomes, positions, expectations, violations = ends(name, batching=True)
    assert outcomes
    assert positions
    assert not violations
    assert (outcomes, positions, expectations, violations) == ends(name, batching=False)


def test_batching_saves_transactions_on_a_market_day() -> None:
    testbeds = [
        Testbed.from_scenario(load_scenario("market_day").model_copy(update={"batching": on}))
        for on in (True, False)
    ]
    gas = [sum(known.gas.on(chain).settlement for chain in known.chains) for known in
           (testbed.run() for testbed in testbeds)]  # fmt: skip
    assert gas[0] < 0.9 * gas[1]
