"""Every shipped scenario, run on the real chains, ends as it says."""

import pytest

from bridge.causes import Cause
from bridge.errors import ExitCode
from bridge.events import TradeDecided
from bridge.positions import Account, Position
from bridge.readmodel import ReadModel
from bridge.testbed.scenario_file import load_scenario, shipped_scenarios
from bridge.testbed.summary import verdict
from bridge.testbed.testbed import Testbed
from bridge.trade_view import TradeState
from tests.support.shipped import faults, ran

DEMANDED = {
    *("dvp", "pvp", "cross_currency_dvp", "netted_cycle", "intraledger_dvp", "late_counterparty"),
    *("refused", "objected", "cancelled_by_all", "frozen_after_commit", "relayer_restart"),
    *("insolvent_between_hold_and_decision", "third_party_finishes", "finality_lag_reorg"),
    *("validator_rotation", "market_day"),
}


@pytest.fixture(scope="module")
def dvp() -> Testbed:
    return ran("dvp")


@pytest.fixture(scope="module")
def model(dvp: Testbed) -> ReadModel:
    return dvp.query()


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_shipped_scenario_says_what_it_shows_and_that_it_is_made_up(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert all("(fictional)" in party.name for party in scenario.participants.values())
    assert all("LOCKSTEP" in security.isin for security in scenario.securities.values())
    assert all((party.lei or "").startswith("LOCK00") for party in scenario.participants.values())
    assert scenario.identifiers == "illustrative"
    assert "\n" not in scenario.about
    assert len(scenario.about) <= 100


def test_every_scenario_that_was_promised_is_there() -> None:
    assert set(shipped_scenarios()) >= DEMANDED


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_shipped_scenario_meets_its_expectations(name: str) -> None:
    model = ran(name).query()
    assert len(model.expectations) == len(load_scenario(name).trades) + 1
    assert [checked for checked in model.expectations if not checked.met] == []
    assert verdict(model) is ExitCode.OK


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_abort_of_a_shipped_scenario_is_expected_for_a_reason(name: str) -> None:
    trades = load_scenario(name).trades
    assert [t.reference for t in trades if t.expect == "aborted" and t.because is None] == []


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_fault_of_a_shipped_scenario_happens(name: str) -> None:
    planned = [fault.kind for fault in load_scenario(name).faults]
    assert {kind for kind, _ in faults(ran(name))} == set(planned)
    assert len(faults(ran(name))) >= len(planned)


@pytest.mark.parametrize("name", shipped_scenarios())
def test_no_shipped_scenario_leaves_anything_held(name: str) -> None:
    model = ran(name).query()
    assert all(kept.is_conserved and kept.held == 0 for kept in model.conservation())


def test_dvp_meets_every_expectation(model: ReadModel) -> None:
    assert len(model.expectations) == 5
    assert all(checked.met for checked in model.expectations)
    assert verdict(model) is ExitCode.OK


def test_dvp_settles_both_ways(model: ReadModel) -> None:
    hubs = {
        trade.instruction.hub
        for trade in model.trades.values()
        if trade.state is TradeState.SETTLED
    }
    assert hubs == {"shanghai", "london"}


def test_dvp_names_who_was_short_and_who_refused(model: ReadModel) -> None:
    causes = [model.explain(trade_id) for trade_id in model.trades]
    assert [found and (found.cause, found.participant) for found in causes] == [
        *(None, None, (Cause.SHORT_OF_CASH, "fleet"), (Cause.REFUSED, "suzhou"))
    ]


def test_no_moment_of_dvp_shows_a_trade_settled_before_its_decision(dvp: Testbed) -> None:
    model = ReadModel()
    decided = set()
    for entry in dvp.journal:
        model.apply(entry)
        if isinstance(entry.event, TradeDecided):
            decided.add(entry.event.trade_id)
        shown = {trade_id for trade_id, trade in model.trades.items() if trade.verdict == "settled"}
        assert shown <= decided


def test_what_the_tokens_say_is_what_their_logs_add_up_to(model: ReadModel) -> None:
    assert [kept.faults for kept in model.conservation()] == [(), (), (), ()]
    assert all(position.held == 0 for position in model.positions.now.values())


def test_both_parties_have_what_they_agreed_on(model: ReadModel) -> None:
    def change(participant: str, instrument: str) -> int:
        before = model.positions.opening.get(Account(participant, instrument), Position())
        return model.positions.of(participant, instrument).balance - before.balance

    assert change("huangpu", "SHGB29") == -change("thames", "SHGB29") == -50_000
    assert change("huangpu", "tGBP") == -change("thames", "tGBP") == 552_486_19
    assert change("huangpu", "SMDC") == -change("thames", "SMDC") == -26_710_350_00
    assert change("fleet", "tGBP") == change("suzhou", "SMDC") == 0


def test_an_undisturbed_trade_is_decided_by_the_third_block_and_executed_by_the_fifth(
    model: ReadModel,
) -> None:
    settled = [trade for trade in model.trades.values() if trade.state is TradeState.SETTLED]
    for trade in settled:
        submitted_ms = trade.timeline[0].at_ms
        assert trade.decided_at_ms is not None
        assert trade.decided_at_ms - submitted_ms <= 3_000
        assert trade.timeline[-1].at_ms - submitted_ms <= 5_000
    assert len(settled) == 2
