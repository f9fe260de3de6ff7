"""The read model: a pure fold, any moment of which can be asked for."""

import pytest

from bridge.events import (
    BlockProduced,
    BlockSealed,
    Event,
    ExpectationChecked,
    InvariantViolated,
    RunFinished,
)
from bridge.readmodel import ReadModel
from bridge.trade_view import TradeState
from tests.support.told_runs import (
    COMMITTED,
    HAPPY,
    INSTRUCTED,
    LISTED,
    OPENED,
    STARTED,
    TRADE,
    journal_of,
    owning,
    told,
)

WHOLE: tuple[Event, ...] = (STARTED, *LISTED, *owning(), INSTRUCTED, *HAPPY)


def test_any_moment_can_be_asked_for() -> None:
    model = ReadModel.of(journal_of(WHOLE))
    decided_at_ms = model.trades[TRADE].decided_at_ms
    assert decided_at_ms is not None
    assert model.at(decided_at_ms - 1).trades[TRADE].state is TradeState.OPEN
    assert model.at(decided_at_ms).trades[TRADE].state is TradeState.COMMITTED
    assert model.trades[TRADE].state is TradeState.SETTLED, "looking back changes nothing"


def test_before_the_instruction_there_is_no_trade() -> None:
    assert ReadModel.of(journal_of(WHOLE)).at(0).trades == {}


def test_catching_up_in_pieces_is_reading_at_once() -> None:
    journal = journal_of(())
    piecewise = ReadModel()
    for number, event in enumerate(WHOLE):
        journal.append(100 * number, event)
        piecewise.catch_up(journal)
    piecewise.catch_up(journal)
    assert piecewise.trades == ReadModel.of(journal).trades
    assert piecewise.now_ms == 100 * (len(WHOLE) - 1)


def test_a_trade_is_found_by_reference_and_by_label() -> None:
    model = told()
    assert model.trade("DVP0001") == model.trade(INSTRUCTED.reference) == model.trades[TRADE]


def test_an_unknown_reference_is_not_found() -> None:
    with pytest.raises(KeyError):
        told().trade("DVP0009")


def test_a_chain_has_a_head_and_a_final_height() -> None:
    model = told(BlockProduced("london", 7, b"\5" * 32, 1, 0, 0), BlockSealed("london", 6))
    london = model.chains["london"]
    assert (london.height, london.sealed_height, london.hash) == (7, 6, b"\5" * 32)


def test_trades_are_counted_by_verdict() -> None:
    assert [told(*HAPPY).count(name) for name in ("settled", "aborted", "pending")] == [1, 0, 0]
    assert [told(OPENED).count(name) for name in ("settled", "aborted", "pending")] == [0, 0, 1]


def test_verdicts_are_kept_in_order() -> None:
    found = InvariantViolated("decision unique", "london", "two decisions", TRADE)
    checked = ExpectationChecked("", "conserved", "violated", met=False)
    model = told(found, checked, RunFinished("all trades terminal"))
    assert model.violations == [found]
    assert model.expectations == [checked]
    assert model.is_finished


def test_an_event_of_an_unknown_trade_changes_nothing() -> None:
    unknown = ReadModel.of(journal_of((STARTED, COMMITTED)))
    assert unknown.trades == {}
