from __future__ import annotations

from typing import get_args

import pytest

from bridge.causes import Cause
from bridge.events import Action, Event, Purpose
from bridge.trade_view import TradeState
from gui.event_words import ACTIONS, CAUSES, LEVELS, PURPOSES, QUIET, Level
from gui.messages import SENTENCES, level_of, sentence_of, why_text
from gui.models.facts import Happening, InstrumentFacts, RunFacts, WhyFacts
from gui.models.trade_scene import STATES

RUN = RunFacts(
    scenario="dvp",
    about="",
    seed=1,
    epoch_s=0,
    chains=("shanghai", "london"),
    instruments={"tGBP": InstrumentFacts("tGBP", "london", True, "GBP", 2)},
    participants={"huangpu": "Huangpu Securities (fictional)"},
    awaited=1,
)
KINDS = {kind.__name__ for kind in get_args(Event)}


def happening(kind: str, **fields: str | int) -> Happening:
    return Happening(0, 0, kind, fields)


def test_every_event_of_the_journal_is_told_or_left_out_on_purpose() -> None:
    assert KINDS - SENTENCES.keys() - QUIET == set()
    assert (SENTENCES.keys() | QUIET | LEVELS.keys()) - KINDS == set()


def test_every_code_of_the_journal_has_its_words() -> None:
    assert ACTIONS.keys() == {action.value for action in Action}
    assert {purpose.value for purpose in Purpose} - PURPOSES.keys() == {"deploy", "setup"}
    assert CAUSES.keys() == {cause.name for cause in Cause}
    assert STATES.keys() == {state.value for state in TradeState}


def test_a_transfer_is_told_in_whole_units() -> None:
    moved = happening("Transferred", instrument="tGBP", sender="huangpu", receiver="x", amount=1234)
    assert sentence_of(RUN, moved, {}) == "12.34 tGBP from Huangpu Securities to X"


def test_a_trade_is_named_by_its_label_and_otherwise_by_its_id() -> None:
    held = happening("LegsHeld", trade_id="ab" * 32, chain="london")
    assert sentence_of(RUN, held, {"ab" * 32: "T1"}) == "the legs of T1 are held"
    assert sentence_of(RUN, held, {}) == "the legs of abababab are held"


def test_a_contracts_reason_is_quoted() -> None:
    failed = happening(
        "TransactionFailed", sender="huangpu", purpose="hold", reason="agent: not held"
    )
    told = sentence_of(RUN, failed, {})
    assert told == "Huangpu Securities asks to hold: reverted with \u201cagent: not held\u201d"


def test_a_call_that_was_lost_is_told_as_a_warning() -> None:
    lost = happening("TransactionLost", sender="huangpu", purpose="hold")
    told = sentence_of(RUN, lost, {})
    assert told == "Huangpu Securities asks to hold: lost, it is in no block any more"
    assert level_of(lost) is Level.WARNING


@pytest.mark.parametrize(
    ("outcome", "level"), [("committed", Level.SUCCESS), ("aborted", Level.WARNING)]
)
def test_a_decision_is_as_grave_as_its_outcome(outcome: str, level: Level) -> None:
    assert level_of(happening("TradeDecided", outcome=outcome)) is level


def test_a_missed_expectation_is_an_error() -> None:
    assert level_of(happening("ExpectationChecked", met=False)) is Level.ERROR
    assert level_of(happening("ExpectationChecked", met=True)) is Level.SUCCESS


def test_an_event_of_tomorrow_is_shown_by_its_name() -> None:
    assert sentence_of(RUN, happening("SomethingNew"), {}) == "SomethingNew"


def test_why_a_trade_is_not_settled_carries_its_reason_code() -> None:
    why = WhyFacts("SHORT_OF_CASH", "MONY", "london", "huangpu")
    assert why_text(RUN, why) == "Huangpu Securities is short of cash on London [MONY]"
