"""Why a trade does not settle: one typed cause, with its ISO 20022 code where there is one."""

from dataclasses import replace

import pytest

from bridge.causes import REASON_CODES, Cause
from bridge.events import (
    ClientFrozen,
    Event,
    LegsObjected,
    LegsRefused,
    LegsReleased,
    Purpose,
    TransactionFailed,
)
from bridge.readmodel import ReadModel
from tests.support.told_runs import (
    ABORTED,
    COMMITTED,
    DELIVERED,
    HAPPY,
    HELD,
    INSTRUCTED,
    LISTED,
    OPENED,
    STARTED,
    TRADE,
    included,
    journal_of,
    owning,
    told,
)

REFUSED = LegsRefused(TRADE, "london", 4, "buyer")
OBJECTED = LegsObjected(TRADE, "london", 4)
RELEASED = LegsReleased(TRADE, "shanghai", 5)
DECLINED = TransactionFailed(
    "london", b"", "buyer", Purpose.HOLD, 4, 30, "legs: token declined the hold", (TRADE,)
)


def cause(*events: Event, bonds: int = 50, pence: int = 10_000) -> tuple[Cause, str | None]:
    found = told(*events, bonds=bonds, pence=pence).explain(TRADE)
    assert found is not None
    return found.cause, found.reason_code


def test_a_settled_trade_needs_no_explanation() -> None:
    assert told(*HAPPY).explain(TRADE) is None


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), (Cause.NOT_OPENED, None)),
        ((HELD,), (Cause.NOT_OPENED, None)),
        ((OPENED,), (Cause.AWAITING_CASH, "AWMO")),
        ((OPENED, HELD), (Cause.AWAITING_PROOF, None)),
        ((OPENED, REFUSED), (Cause.REFUSED, "REFU")),
        ((OPENED, HELD, OBJECTED), (Cause.OBJECTED, "SBLO")),
        ((OPENED, DECLINED), (Cause.DECLINED, "BLOC")),
        ((OPENED, ClientFrozen("shanghai", "london", 4)), (Cause.CLIENT_FROZEN, None)),
        ((OPENED, HELD, COMMITTED, DELIVERED), (Cause.AWAITING_DELIVERY, None)),
        ((OPENED, HELD, ABORTED, RELEASED), (Cause.DEADLINE_PASSED, "LATE")),
        ((OPENED, REFUSED, ABORTED, RELEASED), (Cause.REFUSED, "REFU")),
        ((OPENED, ABORTED, RELEASED), (Cause.DEADLINE_PASSED, "LATE")),
        ((OPENED, included(Purpose.CANCEL, 1, TRADE), ABORTED), (Cause.CANCELLED, None)),
        ((included(Purpose.REFUSE, 1, TRADE), ABORTED), (Cause.REFUSED, "REFU")),
    ],
)
def test_each_cause_is_told(events: tuple[Event, ...], expected: tuple[Cause, str | None]) -> None:
    assert cause(*events) == expected


def test_a_buyer_short_of_cash_is_mony_with_both_figures() -> None:
    found = told(OPENED, pence=9_999).explain(TRADE)
    assert found is not None
    assert (found.cause, found.reason_code) == (Cause.SHORT_OF_CASH, "MONY")
    assert found.sentence == "buyer is short of tGBP on london: needs 100.00, has 99.99"
    assert (found.participant, found.chain) == ("buyer", "london")


def test_a_seller_short_of_securities_is_lack() -> None:
    assert cause(bonds=49) == (Cause.SHORT_OF_SECURITIES, "LACK")


def test_a_buyer_with_just_enough_is_only_awaited() -> None:
    assert cause(OPENED, pence=10_000) == (Cause.AWAITING_CASH, "AWMO")


def test_a_hub_without_legs_of_its_own_is_awaited_only_once_everything_is_held() -> None:
    elsewhere = replace(INSTRUCTED, hub="zurich")
    before = ReadModel.of(journal_of((STARTED, *LISTED, *owning(), elsewhere)))
    after = ReadModel.of(
        journal_of((STARTED, *LISTED, *owning(), elsewhere, replace(HELD, chain="shanghai"), HELD))
    )
    causes = [model.explain(TRADE) for model in (before, after)]
    assert [found and found.cause for found in causes] == [
        *(Cause.AWAITING_SECURITIES, Cause.NOT_OPENED)
    ]


def test_who_was_short_is_still_known_after_the_abort() -> None:
    assert cause(OPENED, DECLINED, ABORTED, RELEASED, pence=1) == (Cause.SHORT_OF_CASH, "MONY")


def test_a_frozen_client_between_other_chains_is_no_cause() -> None:
    elsewhere = ClientFrozen("shanghai", "tokyo", 4)
    assert cause(OPENED, HELD, elsewhere) == (Cause.AWAITING_PROOF, None)


def test_every_reason_code_is_one_of_the_standard() -> None:
    verified = (
        *("LACK", "MONY", "AWMO", "AWSH", "CLAC", "BLOC", "SBLO", "CAIS", "FLIM", "NOFX", "MINO"),
        *("MUNO", "DENO", "LATE", "ADEA", "CLAT", "REFU", "DKNY", "LALO", "COLL", "YCOL", "CONF"),
        *("CDRG", "NEXT"),
    )
    assert set(REASON_CODES.values()) <= set(verified)
