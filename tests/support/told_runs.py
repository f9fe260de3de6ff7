"""A small run as a journal tells it: one trade of a bond on shanghai against sterling on london."""

from collections.abc import Iterable

from bridge.events import (
    BlockSealed,
    ChainFacts,
    Event,
    HoldExecuted,
    HoldPlaced,
    InstrumentListed,
    Kind,
    LegsExecuted,
    LegsHeld,
    LegTerms,
    PositionRecorded,
    Purpose,
    RunStarted,
    TradeDecided,
    TradeInstructed,
    TradeOpened,
    TransactionIncluded,
    Transferred,
    When,
)
from bridge.journal import Journal
from bridge.model import Outcome
from bridge.readmodel import ReadModel

TRADE = bytes(31) + b"\1"
REFERENCE = "LOCK00HUANGPU0000060DVP0001"

STARTED = RunStarted(
    scenario="told",
    scenario_sha256="00" * 32,
    seed=2**64 - 1,
    protocol="hold_decide",
    epoch_s=1_700_000_000,
    chains=(ChainFacts("shanghai", 1, b"\1" * 32), ChainFacts("london", 2, b"\2" * 32)),
)
LISTED = (
    InstrumentListed("BOND", "shanghai", Kind.SECURITY, "CNLOCKSTEP16", 0),
    InstrumentListed("tGBP", "london", Kind.CASH, "GBP", 2),
)
DELIVERY = LegTerms("shanghai", "BOND", "seller", "buyer", 50)
PAYMENT = LegTerms("london", "tGBP", "buyer", "seller", 10_000)
INSTRUCTED = TradeInstructed(
    REFERENCE, TRADE, "shanghai", (DELIVERY, PAYMENT), 1_700_000_060, 1_700_000_120
)

OPENED = TradeOpened(TRADE, "shanghai", 4)
HELD = LegsHeld(TRADE, "london", 4)
COMMITTED = TradeDecided(TRADE, Outcome.COMMITTED, "shanghai", 5)
ABORTED = TradeDecided(TRADE, Outcome.ABORTED, "shanghai", 5)
DELIVERED = LegsExecuted(TRADE, "shanghai", 5)
PAID = LegsExecuted(TRADE, "london", 6)

HAPPY: tuple[Event, ...] = (OPENED, HELD, COMMITTED, DELIVERED, PAID)


def owning(bonds: int = 50, pence: int = 10_000) -> tuple[Event, ...]:
    """What the two parties own when the run opens, minted and read back."""
    return (
        Transferred("shanghai", "BOND", "", "seller", bonds, 1),
        Transferred("london", "tGBP", "", "buyer", pence, 1),
        PositionRecorded(When.OPENING, "seller", "shanghai", "BOND", bonds, 0),
        PositionRecorded(When.OPENING, "buyer", "london", "tGBP", pence, 0),
    )


def paid_in_full() -> tuple[Event, ...]:
    """The token logs of the payment leg, from hold to execution."""
    leg = ("london", "tGBP", "buyer", "seller", 10_000)
    return (HoldPlaced(*leg, 4), HoldExecuted(*leg, 6), Transferred(*leg, 6))


def included(
    purpose: Purpose, gas_used: int, *trade_ids: bytes, chain: str = "shanghai"
) -> TransactionIncluded:
    """A transaction that succeeded."""
    return TransactionIncluded(chain, b"\7" * 32, "relayer", purpose, 5, gas_used, trade_ids)


def sealed(chain: str = "shanghai") -> BlockSealed:
    """The next block is final."""
    return BlockSealed(chain, 6)


def journal_of(events: Iterable[Event]) -> Journal:
    """One event every 100 virtual milliseconds."""
    journal = Journal()
    for number, event in enumerate(events):
        journal.append(100 * number, event)
    return journal


def told(*events: Event, bonds: int = 50, pence: int = 10_000) -> ReadModel:
    """The read model of a run in which the trade is instructed and then ``events`` happen."""
    return ReadModel.of(journal_of((STARTED, *LISTED, *owning(bonds, pence), INSTRUCTED, *events)))
