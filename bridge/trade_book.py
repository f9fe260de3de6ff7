"""All trades of a run, one event after the other, and how many have come to which verdict."""

from __future__ import annotations

from collections import Counter
from typing import Final

from bridge.events import (
    Event,
    LegDelivered,
    LegsExecuted,
    LegsHeld,
    LegsObjected,
    LegsRefused,
    LegsReleased,
    MemberSkipped,
    ParticipantActed,
    Purpose,
    TradeDecided,
    TradeInstructed,
    TradeOpened,
    TransactionFailed,
    TransactionIncluded,
)
from bridge.trade_view import TradeView

_TELLING: Final = (Purpose.REFUSE, Purpose.OBJECT)
"""What a transaction was for that is told of its trades; of the others their logs say it all."""


class TradeBook:
    """The trades as they stand; ``count`` asks none of them."""

    def __init__(self) -> None:
        self.trades: dict[bytes, TradeView] = {}
        self._verdicts: Counter[str] = Counter()

    def count(self, verdict: str) -> int:
        """How many trades are settled, aborted or pending."""
        return self._verdicts[verdict]

    def apply(self, event: Event, at_ms: int) -> bytes:
        """Take in an event, and give the id of the known trade of which it is a fact, or nothing.

        A transaction is no fact of a trade: what it did, its logs say.
        """
        match event:
            case TransactionIncluded() | TransactionFailed():
                self._transaction(event, at_ms)
                return b""
            case (
                ParticipantActed()
                | TradeOpened()
                | LegsHeld()
                | LegsRefused()
                | LegsObjected()
                | TradeDecided()
                | LegsExecuted()
                | LegsReleased()
                | LegDelivered()
                | MemberSkipped()
            ):
                trade = self.trades.get(event.trade_id)
                if trade is None:
                    return b""
                self._put(event.trade_id, trade.after(event, at_ms))
            case TradeInstructed():
                self._put(event.trade_id, TradeView.of(event, at_ms))
            case _:
                return b""
        return event.trade_id

    def _transaction(self, event: TransactionIncluded | TransactionFailed, at_ms: int) -> None:
        if isinstance(event, TransactionFailed) or event.purpose in _TELLING:
            for trade_id in event.trade_ids:
                if trade_id in self.trades:
                    self._put(trade_id, self.trades[trade_id].after(event, at_ms))

    def _put(self, trade_id: bytes, trade: TradeView) -> None:
        before = self.trades.get(trade_id)
        self.trades[trade_id] = trade
        if before is None or before.legs is not trade.legs or before.outcome is not trade.outcome:
            self._verdicts[trade.verdict] += 1
            if before is not None:
                self._verdicts[before.verdict] -= 1
