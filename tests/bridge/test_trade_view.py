"""Where a trade stands: decided by its hub, carried out on every chain, in that order."""

import pytest

from bridge.events import (
    Event,
    LegDelivered,
    LegsExecuted,
    LegsObjected,
    LegsRefused,
    LegsReleased,
    MemberSkipped,
)
from bridge.trade_view import LegState, Milestone, TradeState, TradeView
from tests.support.told_runs import (
    ABORTED,
    COMMITTED,
    DELIVERED,
    HAPPY,
    HELD,
    INSTRUCTED,
    OPENED,
    PAID,
    TRADE,
)


def after(*told: Event) -> TradeView:
    trade = TradeView.of(INSTRUCTED, 0)
    for number, event in enumerate(told, 1):
        trade = trade.after(event, number)
    return trade


def test_a_trade_is_settled_once_committed_and_delivered_on_both_chains() -> None:
    trade = after(*HAPPY)
    assert trade.state is TradeState.SETTLED
    assert trade.verdict == "settled"
    assert trade.decided_at_ms == 3


@pytest.mark.parametrize("count", range(len(HAPPY)))
def test_a_trade_is_not_settled_before_every_leg_is_delivered(count: int) -> None:
    assert after(*HAPPY[:count]).verdict == "pending"


def test_delivery_without_a_decision_never_counts_as_settled() -> None:
    trade = after(OPENED, HELD, DELIVERED, PAID)
    assert trade.state is TradeState.OPEN
    assert trade.verdict == "pending"


def test_a_committed_trade_with_one_leg_outstanding_is_committed() -> None:
    assert after(OPENED, HELD, COMMITTED, DELIVERED).state is TradeState.COMMITTED


def test_an_aborted_trade_is_pending_while_anything_is_held() -> None:
    assert after(OPENED, HELD, ABORTED).state is TradeState.ABORTING
    released = LegsReleased(TRADE, "shanghai", 5)
    assert after(OPENED, HELD, ABORTED, released).verdict == "pending"
    other = LegsReleased(TRADE, "london", 6)
    assert after(OPENED, HELD, ABORTED, released, other).verdict == "aborted"


def test_a_trade_of_which_nothing_was_held_is_aborted_at_once() -> None:
    assert after(ABORTED).verdict == "aborted"


def test_a_refused_leg_counts_as_free() -> None:
    refused = LegsRefused(TRADE, "london", 4, "buyer")
    trade = after(OPENED, refused, ABORTED, LegsReleased(TRADE, "shanghai", 5))
    assert trade.verdict == "aborted"
    assert trade.refused_by == "buyer"


def test_an_objection_leaves_the_leg_held_for_the_hub_to_decide() -> None:
    trade = after(OPENED, HELD, LegsObjected(TRADE, "london", 5), ABORTED)
    assert trade.legs[1].state is LegState.OBJECTED
    assert trade.verdict == "pending"


def test_opening_holds_the_legs_of_the_hub_and_no_others() -> None:
    assert [leg.state for leg in after(OPENED).legs] == [LegState.HELD, LegState.WAITING]


def test_a_leg_left_behind_settles_only_when_it_is_delivered() -> None:
    stuck = LegsExecuted(TRADE, "london", 6, undelivered=(1,))
    trade = after(OPENED, HELD, COMMITTED, DELIVERED, stuck)
    assert trade.legs[1].state is LegState.UNDELIVERED
    assert trade.verdict == "pending"
    assert trade.after(LegDelivered(TRADE, "london", 7, 1), 9).verdict == "settled"


def test_a_skipped_member_keeps_its_state_and_says_why() -> None:
    before = after(OPENED)
    skipped = before.after(MemberSkipped(TRADE, "london", 4, "legs: too late to hold"), 5)
    assert skipped.legs == before.legs
    assert skipped.timeline[-1].milestone is Milestone.SKIPPED
    assert skipped.timeline[-1].detail == "legs: too late to hold"


def test_the_timeline_has_every_step_in_order() -> None:
    timeline = after(*HAPPY).timeline
    assert [step.milestone.value for step in timeline] == [
        *("instructed", "opened", "held", "committed", "executed", "executed")
    ]
    assert [step.at_ms for step in timeline] == list(range(6))


def test_the_label_is_the_reference_without_its_lei() -> None:
    assert after().label == "DVP0001"
