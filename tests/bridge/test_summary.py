"""The verdict of a run: for a shell, and for a machine."""

import pytest

from bridge.errors import ExitCode
from bridge.events import (
    ClientFrozen,
    Event,
    ExpectationChecked,
    InvariantViolated,
    PositionRecorded,
    Purpose,
    RunFinished,
    When,
)
from bridge.journal import Journal
from bridge.readmodel import ReadModel
from bridge.testbed.summary import Summary, verdict
from tests.support.told_runs import HAPPY, STARTED, TRADE, included, journal_of, paid_in_full, told

MET = ExpectationChecked("", "conserved", "conserved", met=True)
FAILED = ExpectationChecked("", "conserved", "violated", met=False)
FOUND = InvariantViolated("decision unique", "london", "two decisions", TRADE)
FINISHED = RunFinished("all trades terminal")
MISCOUNTED = PositionRecorded(When.CLOSING, "buyer", "london", "tGBP", 1, 0)


def test_a_run_without_a_fault_is_good() -> None:
    assert verdict(told(*HAPPY, *paid_in_full(), MET, FINISHED)) is ExitCode.OK


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ((*HAPPY, FAILED, FINISHED), ExitCode.FAILED),
        ((*HAPPY, FOUND, FINISHED), ExitCode.FAILED),
        ((*HAPPY, MISCOUNTED, FINISHED), ExitCode.FAILED),
        ((*HAPPY[:-1], MET, FINISHED), ExitCode.FAILED),
        ((*HAPPY, MET), ExitCode.FAILED),
        ((*HAPPY, ClientFrozen("london", "shanghai", 3), FINISHED), ExitCode.SAFETY_HALT),
        ((*HAPPY, FAILED, ClientFrozen("london", "shanghai", 3)), ExitCode.SAFETY_HALT),
    ],
    ids=["expectation", "invariant", "token", "pending", "unfinished", "frozen", "both"],
)
def test_a_run_with_a_fault_is_not(events: tuple[Event, ...], code: ExitCode) -> None:
    assert verdict(told(*events)) is code


def test_a_summary_counts_what_happened() -> None:
    model = told(*HAPPY, included(Purpose.OPEN, 500, TRADE), MET, FAILED, FOUND, FINISHED)
    summary = Summary.of(model, Journal(), engine="pyevm", wall_seconds=1.23456)
    assert summary.trades.model_dump() == {"total": 1, "settled": 1, "aborted": 0, "pending": 0}
    assert summary.expectations.model_dump() == {"met": 1, "failed": 1}
    assert summary.violations[0].trade_id == f"0x{TRADE.hex()}"
    assert summary.gas_per_settled_trade == 500
    assert summary.gas_used == {"shanghai": 500, "london": 0}
    assert summary.seed == 2**64 - 1
    assert summary.wall_seconds == 1.235


def test_a_run_without_a_settled_trade_has_no_price() -> None:
    summary = Summary.of(told(), Journal(), engine="pyevm", wall_seconds=0)
    assert summary.gas_per_settled_trade is None
    assert '"gas_per_settled_trade": null' in summary.as_json()


def test_a_run_that_has_not_started_has_no_summary() -> None:
    with pytest.raises(ValueError, match="not started"):
        Summary.of(ReadModel(), Journal(), engine="pyevm", wall_seconds=0)
    started = ReadModel.of(journal_of([STARTED]))
    assert Summary.of(started, Journal(), engine="", wall_seconds=0).trades.total == 0
