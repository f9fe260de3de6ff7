"""What a settlement protocol must answer: given what the chains show of a trade, what can be done?

A protocol is pure. It sees a ``TradeView`` and names actions; who performs them is somebody
else's matter: participants open, hold and time out with keys of their own, anybody delivers, the
relayer only carries. An action that comes too late or twice is harmless: the contracts refuse it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from bridge.model import ChainId, Outcome, Status, Trade


@dataclass(frozen=True, slots=True)
class ChainView:
    """What the sealed blocks of one chain say of a trade."""

    now_s: int  # timestamp of the last sealed block
    status: Status
    pending_mask: int  # as ``pending_of``: open: legs not proven held; decided: not delivered
    frozen_clients: frozenset[ChainId] = frozenset()  # chains of which nothing is believed here


TradeView: TypeAlias = Mapping[ChainId, ChainView]  # the hub's chain and every leg chain


@dataclass(frozen=True, slots=True)
class Open:
    """Open the trade at its hub, with the signatures of all parties."""

    hub_chain_id: ChainId


@dataclass(frozen=True, slots=True)
class Hold:
    """Hold the legs on one chain, with the signatures of its senders."""

    chain_id: ChainId


@dataclass(frozen=True, slots=True)
class Carry:
    """Prove to ``target`` what ``source`` has announced; announce it again if no proof will do."""

    source: ChainId
    target: ChainId
    status: Status


@dataclass(frozen=True, slots=True)
class Abort:
    """Abort the trade at its hub: it was not decided in time."""

    hub_chain_id: ChainId


@dataclass(frozen=True, slots=True)
class Deliver:
    """Deliver, or give back, one leg that its token left behind."""

    chain_id: ChainId
    leg_index: int


Action: TypeAlias = Open | Hold | Carry | Abort | Deliver


class SettlementProtocol(Protocol):
    """One way to settle; siblings know nothing of each other."""

    @property
    def name(self) -> str:
        """As scenarios and summaries name it."""
        ...

    def next_actions(self, trade: Trade, view: TradeView) -> tuple[Action, ...]:
        """What would move this trade on now, in a fixed order; empty when nothing would."""
        ...

    def decision(self, trade: Trade, view: TradeView) -> Outcome | None:
        """What is irrevocably decided, if anything; "settled" is never shown before."""
        ...

    def is_finished(self, trade: Trade, view: TradeView) -> bool:
        """Decided, nothing held, nothing left to deliver."""
        ...
