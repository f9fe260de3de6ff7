"""Principal at risk: what one party has delivered while the other could still get its own back.

An undecided trade holds value, but nobody has parted with anything. A committed one is delivered
leg by leg; what is left is held and can only be executed, so nobody can be left with one side of
it. Principal is at risk only when a leg is executed while another of the same trade is not
bound to follow: undecided, aborted, released, refused. That must never be, so the figure must be
zero at every moment; it is counted here from the journal rather than promised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Final

from bridge.journal import Entry
from bridge.model import Outcome
from bridge.trade_book import TradeBook
from bridge.trade_view import LegState, TradeState, TradeView

HELD = (LegState.HELD, LegState.OBJECTED)
MAY_FOLLOW = (LegState.EXECUTED, *HELD, LegState.UNDELIVERED)


@dataclass(frozen=True, slots=True)
class Moment:
    """The trades at one moment, counted, and what is at risk by instrument in minor units."""

    at_ms: int
    held: int = 0
    delivering: int = 0
    at_risk: Mapping[str, int] = field(default_factory=dict)

    @property
    def trades(self) -> tuple[int, int, int]:
        """What a reader compares two moments by."""
        return self.held, self.delivering, sum(self.at_risk.values())


def principal(entries: Iterable[Entry]) -> tuple[Moment, ...]:
    """The moments at which anything changed, from the first on; facts of one moment count as one.

    Facts that are journalled at the same virtual moment come from blocks of the same second.
    """
    book, exposure, at_ms = TradeBook(), _Exposure(), 0
    moments = [Moment(0)]
    for at_ms, group in groupby(entries, key=attrgetter("at_ms")):
        touched = {book.apply(entry.event, at_ms): None for entry in group}
        touched.pop(b"", None)
        for trade_id in touched:
            exposure.take(trade_id, book.trades[trade_id])
        moment = exposure.at(at_ms)
        if moment.trades != moments[-1].trades:
            moments.append(moment)
    moments.append(Moment(at_ms, *_same(moments[-1])))
    return tuple(moments)


def at_risk(trade: TradeView) -> dict[str, int]:
    """What is executed of a trade whose other legs need not follow, by instrument."""
    executed = [leg for leg in trade.legs if leg.state is LegState.EXECUTED]
    is_bound = trade.outcome is Outcome.COMMITTED and all(
        leg.state in MAY_FOLLOW for leg in trade.legs
    )
    if is_bound or len(executed) in (0, len(trade.legs)):
        return {}
    amounts: defaultdict[str, int] = defaultdict(int)
    for leg in executed:
        amounts[leg.terms.instrument] += leg.terms.amount
    return dict(amounts)


@dataclass(frozen=True, slots=True)
class _Share:
    """What one trade adds to a moment."""

    is_held: bool = False
    is_delivering: bool = False
    at_risk: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, trade: TradeView) -> _Share:
        is_held = trade.outcome is None and any(leg.state in HELD for leg in trade.legs)
        return cls(is_held, trade.state is TradeState.COMMITTED, at_risk(trade))


_NOTHING: Final = _Share()


class _Exposure:
    """The sum of all shares; a trade's new share takes the place of its old one."""

    def __init__(self) -> None:
        self._shares: dict[bytes, _Share] = {}
        self._held = 0
        self._delivering = 0
        self._at_risk: defaultdict[str, int] = defaultdict(int)

    def take(self, trade_id: bytes, trade: TradeView) -> None:
        """Take over how a trade stands now."""
        self._add(self._shares.pop(trade_id, _NOTHING), -1)
        share = _Share.of(trade)
        if share != _NOTHING:
            self._shares[trade_id] = share
            self._add(share, 1)

    def at(self, at_ms: int) -> Moment:
        """The sum now."""
        at_risk = {code: minor for code, minor in self._at_risk.items() if minor}
        return Moment(at_ms, self._held, self._delivering, at_risk)

    def _add(self, share: _Share, sign: int) -> None:
        self._held += sign * share.is_held
        self._delivering += sign * share.is_delivering
        for instrument, minor in share.at_risk.items():
            self._at_risk[instrument] += sign * minor


def _same(moment: Moment) -> tuple[int, int, Mapping[str, int]]:
    return moment.held, moment.delivering, moment.at_risk
