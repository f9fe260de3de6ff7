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

from bridge.journal import Entry
from bridge.model import Outcome
from bridge.readmodel import ReadModel
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
    model = ReadModel()
    moments = [Moment(0)]
    open_trades: dict[bytes, None] = {}
    for at_ms, group in groupby(entries, key=attrgetter("at_ms")):
        touched: dict[bytes, None] = {}
        for entry in group:
            model.apply(entry)
            trade_id = getattr(entry.event, "trade_id", b"")
            if trade_id in model.trades:
                touched[trade_id] = None
        if not touched:
            continue
        open_trades |= touched
        moment = _moment(at_ms, [model.trades[trade_id] for trade_id in open_trades])
        if moment.trades != moments[-1].trades:
            moments.append(moment)
        for trade_id in [t for t in open_trades if _is_over(model.trades[t])]:
            del open_trades[trade_id]
    moments.append(Moment(model.now_ms, *_same(moments[-1])))
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


def _moment(at_ms: int, trades: Iterable[TradeView]) -> Moment:
    held = delivering = 0
    amounts: defaultdict[str, int] = defaultdict(int)
    for trade in trades:
        held += trade.outcome is None and any(leg.state in HELD for leg in trade.legs)
        delivering += trade.state is TradeState.COMMITTED
        for instrument, amount in at_risk(trade).items():
            amounts[instrument] += amount
    return Moment(at_ms, held, delivering, dict(amounts))


def _is_over(trade: TradeView) -> bool:
    return trade.state in (TradeState.SETTLED, TradeState.ABORTED) and not at_risk(trade)


def _same(moment: Moment) -> tuple[int, int, Mapping[str, int]]:
    return moment.held, moment.delivering, moment.at_risk
