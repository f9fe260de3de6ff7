"""What to do next, and what not to bother with."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.model import Address, ChainId, Leg, Outcome, Status, Trade, UtiWord
from bridge.protocols.hold_decide import STATES, HoldDecide, Role
from bridge.protocols.protocol import (
    Abort,
    Action,
    Carry,
    ChainView,
    Deliver,
    Hold,
    Open,
    SettlementProtocol,
    TradeView,
)

SHANGHAI, LONDON = ChainId(31), ChainId(44)
PREPARE_BY_S, DECIDE_BY_S = 60, 120
PROTOCOL: SettlementProtocol = HoldDecide()


def leg(chain_id: ChainId, sender: int) -> Leg:
    address = [Address(bytes([n]) * 20) for n in (chain_id, 7, sender, sender + 1)]
    return Leg(chain_id, address[0], address[1], address[2], address[3], 5)


TRADE = Trade(
    (leg(SHANGHAI, 1), leg(LONDON, 3)),
    LONDON,
    Address(bytes([LONDON]) * 20),
    PREPARE_BY_S,
    DECIDE_BY_S,
    UtiWord(bytes(32)),
)


def view(hub: Status, legs: Status, now_s: int = 10, pending: int = 0, left: int = 0) -> TradeView:
    return {
        LONDON: ChainView(now_s, hub, pending),
        SHANGHAI: ChainView(now_s, legs, left),
    }


def actions(hub: Status, legs: Status, now_s: int = 10, pending: int = 0) -> tuple[Action, ...]:
    return PROTOCOL.next_actions(TRADE, view(hub, legs, now_s, pending))


def test_an_unknown_trade_is_opened_and_held() -> None:
    assert actions(Status.NONE, Status.NONE) == (Open(LONDON), Hold(SHANGHAI))


def test_at_prepare_by_it_can_still_be_opened_and_held_and_a_second_later_not() -> None:
    both = (Open(LONDON), Hold(SHANGHAI))
    assert actions(Status.NONE, Status.NONE, PREPARE_BY_S) == both
    assert actions(Status.NONE, Status.NONE, PREPARE_BY_S + 1) == ()


def test_a_held_fact_is_carried_to_an_open_hub() -> None:
    carried = Carry(SHANGHAI, LONDON, Status.HELD)
    assert carried in actions(Status.OPEN, Status.HELD, pending=0b01)


def test_a_held_fact_is_not_carried_to_a_hub_that_is_not_open_or_knows_it() -> None:
    assert actions(Status.NONE, Status.HELD) == (Open(LONDON),)
    assert actions(Status.OPEN, Status.HELD, pending=0) == ()


def test_a_held_fact_is_carried_until_decide_by_and_then_the_trade_is_aborted() -> None:
    carried = Carry(SHANGHAI, LONDON, Status.HELD)
    assert actions(Status.OPEN, Status.HELD, DECIDE_BY_S, 0b01) == (carried,)
    assert actions(Status.OPEN, Status.HELD, DECIDE_BY_S + 1, 0b01) == (Abort(LONDON),)


@pytest.mark.parametrize("said", [Status.REFUSED, Status.OBJECTED])
def test_a_no_is_carried_to_an_undecided_hub_only(said: Status) -> None:
    carried = Carry(SHANGHAI, LONDON, said)
    assert carried in actions(Status.NONE, said)
    assert carried in actions(Status.OPEN, said)
    assert carried not in actions(Status.COMMITTED, said)
    assert carried not in actions(Status.ABORTED, said)


@pytest.mark.parametrize("decided", [Status.COMMITTED, Status.ABORTED])
@pytest.mark.parametrize("legs", [Status.HELD, Status.OBJECTED])
def test_a_decision_is_carried_to_what_is_held(decided: Status, legs: Status) -> None:
    assert actions(decided, legs, 10_000) == (Carry(LONDON, SHANGHAI, decided),)


@pytest.mark.parametrize("legs", [Status.EXECUTED, Status.RELEASED, Status.REFUSED])
def test_a_decision_is_not_carried_to_what_is_ended(legs: Status) -> None:
    assert actions(Status.COMMITTED, legs) == ()


def test_a_tombstone_is_worth_carrying_only_while_something_could_be_held() -> None:
    tombstone = (Carry(LONDON, SHANGHAI, Status.ABORTED),)
    assert actions(Status.ABORTED, Status.NONE, PREPARE_BY_S) == tombstone
    assert actions(Status.ABORTED, Status.NONE, PREPARE_BY_S + 1) == ()


def test_nothing_is_carried_to_a_frozen_client() -> None:
    deaf = dict(view(Status.COMMITTED, Status.HELD))
    deaf[SHANGHAI] = replace(deaf[SHANGHAI], frozen_clients=frozenset({LONDON}))
    assert PROTOCOL.next_actions(TRADE, deaf) == ()


def test_a_leg_left_behind_is_delivered_once_decided() -> None:
    left = view(Status.COMMITTED, Status.EXECUTED, left=0b01)
    assert PROTOCOL.next_actions(TRADE, left) == (Deliver(SHANGHAI, 0),)


def test_a_leg_that_is_pending_before_the_decision_is_not_delivered() -> None:
    deliveries = [a for a in actions(Status.OPEN, Status.NONE, pending=0b01) if type(a) is Deliver]
    assert deliveries == []


@pytest.mark.parametrize(
    ("hub", "expected"),
    [
        (Status.NONE, None),
        (Status.OPEN, None),
        (Status.COMMITTED, Outcome.COMMITTED),
        (Status.ABORTED, Outcome.ABORTED),
    ],
)
def test_only_the_hub_decides(hub: Status, expected: Outcome | None) -> None:
    for legs in STATES[Role.LEGS]:
        assert PROTOCOL.decision(TRADE, view(hub, legs)) == expected


def test_a_trade_is_finished_when_decided_with_nothing_held_or_left() -> None:
    assert PROTOCOL.is_finished(TRADE, view(Status.COMMITTED, Status.EXECUTED))
    assert PROTOCOL.is_finished(TRADE, view(Status.ABORTED, Status.NONE))


@pytest.mark.parametrize(
    "unfinished",
    [
        view(Status.OPEN, Status.HELD),
        view(Status.COMMITTED, Status.HELD),
        view(Status.ABORTED, Status.OBJECTED),
        view(Status.COMMITTED, Status.EXECUTED, left=0b01),
        view(Status.COMMITTED, Status.EXECUTED, pending=0b10),
    ],
)
def test_a_trade_with_something_held_or_left_or_undecided_is_not_finished(
    unfinished: TradeView,
) -> None:
    assert not PROTOCOL.is_finished(TRADE, unfinished)


@given(
    st.sampled_from(STATES[Role.HUB]),
    st.sampled_from(STATES[Role.LEGS]),
    st.integers(0, 200),
    st.integers(0, 3),
)
def test_a_trade_is_finished_or_waits_for_a_clock_or_has_something_to_do(
    hub: Status, legs: Status, now_s: int, pending: int
) -> None:
    seen = view(hub, legs, now_s, pending if hub is Status.OPEN else 0)
    late = view(hub, legs, DECIDE_BY_S + 1, pending if hub is Status.OPEN else 0)
    if not PROTOCOL.is_finished(TRADE, seen):
        assert PROTOCOL.next_actions(TRADE, seen) or PROTOCOL.next_actions(TRADE, late)
