"""Principal at risk is zero whenever the protocol holds, and is seen when it does not."""

from bridge.events import Event, LegsReleased
from bridge.principal import Moment, principal
from tests.support.told_runs import (
    ABORTED,
    COMMITTED,
    DELIVERED,
    HAPPY,
    HELD,
    INSTRUCTED,
    LISTED,
    OPENED,
    PAID,
    STARTED,
    journal_of,
)

GIVEN_BACK = LegsReleased(INSTRUCTED.trade_id, "shanghai", 6)


def moments(*events: Event) -> tuple[Moment, ...]:
    return principal(journal_of((STARTED, *LISTED, INSTRUCTED, *events)))


def test_a_settled_trade_never_put_anything_at_risk() -> None:
    seen = moments(*HAPPY)
    assert all(not moment.at_risk for moment in seen)
    assert max(moment.held for moment in seen) == 1
    assert max(moment.delivering for moment in seen) == 1
    assert seen[-1].trades == (0, 0, 0)


def test_a_leg_executed_without_a_decision_is_at_risk() -> None:
    seen = moments(OPENED, HELD, PAID)
    assert seen[-1].at_risk == {"tGBP": 10_000}


def test_a_leg_executed_after_a_commit_is_not() -> None:
    assert moments(OPENED, HELD, COMMITTED, PAID)[-1].at_risk == {}


def test_a_leg_executed_of_an_aborted_trade_stays_at_risk() -> None:
    seen = moments(OPENED, HELD, ABORTED, PAID, GIVEN_BACK)
    assert seen[-1].at_risk == {"tGBP": 10_000}


def test_a_leg_released_after_a_commit_puts_the_other_at_risk() -> None:
    assert moments(OPENED, HELD, COMMITTED, GIVEN_BACK, PAID)[-1].at_risk == {"tGBP": 10_000}


def test_what_happens_at_one_moment_counts_as_one() -> None:
    journal = journal_of((STARTED, *LISTED, INSTRUCTED, OPENED, HELD))
    for event in (DELIVERED, COMMITTED, PAID):
        journal.append(10_000, event)
    seen = principal(journal)
    assert all(not moment.at_risk for moment in seen)
