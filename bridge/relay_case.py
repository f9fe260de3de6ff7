"""One trade in flight, as the relayer knows it: terms, statuses, facts, how each errand goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bridge.model import ChainId, Status, Trade, TradeId

DECIDED = frozenset({Status.COMMITTED, Status.ABORTED})
LEGS_ENDED = frozenset({Status.EXECUTED, Status.RELEASED, Status.REFUSED})
HUB_SIDE = frozenset({Status.OPEN, *DECIDED})

_RANK = {Status.NONE: 0, Status.OPEN: 1, Status.HELD: 1, Status.OBJECTED: 2}
_FINAL_RANK = 3
_NEVER = {
    (Status.COMMITTED, Status.RELEASED),
    (Status.COMMITTED, Status.REFUSED),
    (Status.ABORTED, Status.EXECUTED),
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """Where on its chain a status was announced, with all that this log says."""

    chain_id: ChainId
    height: int
    tx_index: int
    log_index: int
    ids: tuple[TradeId, ...]
    statuses: tuple[Status, ...]


@dataclass(frozen=True, slots=True)
class Errand:
    """One fact to be carried: ``status``, announced on ``source``, to ``destination``."""

    source: ChainId
    status: Status
    destination: ChainId


@dataclass(slots=True)
class Attempt:
    """How an errand goes."""

    is_in_flight: bool = False
    is_done: bool = False
    failures: int = 0
    not_before_s: int = 0


@dataclass(slots=True)
class Fact:
    """The announcement by which a status can be proven; ``is_spoilt`` asks for a newer one."""

    announcement: Announcement
    is_spoilt: bool = False


@dataclass(slots=True)
class Case:
    """A trade in flight, as the sealed chains tell it."""

    trade_id: TradeId
    trade: Trade
    statuses: dict[ChainId, Status] = field(default_factory=dict)
    facts: dict[tuple[ChainId, Status], Fact] = field(default_factory=dict)
    attempts: dict[Errand, Attempt] = field(default_factory=dict)

    def status_on(self, chain: ChainId) -> Status:
        """The last status heard from a chain."""
        return self.statuses.get(chain, Status.NONE)

    @property
    def hub_status(self) -> Status:
        """What the hub says."""
        return self.status_on(self.trade.hub_chain_id)

    def hear(self, chain: ChainId, status: Status) -> bool:
        """Take over a status unless it is older than what is known; False for a contradiction."""
        known = self.status_on(chain)
        if _rank(status) > _rank(known):
            self.statuses[chain] = status
        return status == known or _rank(status) != _FINAL_RANK or _rank(known) != _FINAL_RANK

    @property
    def is_finished(self) -> bool:
        """True when the hub has decided and every other chain has acted on it."""
        return self.hub_status in DECIDED and all(
            self.status_on(chain) in LEGS_ENDED for chain in self.trade.foreign_chain_ids
        )

    def errands(self, now_s: int) -> Iterator[Errand]:
        """The facts that some chain still has to be told."""
        hub = self.trade.hub_chain_id
        for chain in self.trade.foreign_chain_ids:
            legs = self.status_on(chain)
            if self.hub_status in DECIDED:
                if legs not in LEGS_ENDED:
                    yield Errand(hub, self.hub_status, chain)
            elif legs in (Status.REFUSED, Status.OBJECTED):
                yield Errand(chain, legs, hub)
            elif legs is Status.HELD and self._is_open_at(now_s):
                yield Errand(chain, Status.HELD, hub)

    def contradiction(self) -> str:
        """What can never be true of one trade, or nothing."""
        for chain in self.trade.foreign_chain_ids:
            legs = self.status_on(chain)
            if (self.hub_status, legs) in _NEVER:
                return f"{self.hub_status.name} at the hub, {legs.name} on chain {chain}"
        return ""

    def _is_open_at(self, now_s: int) -> bool:
        return self.hub_status is Status.OPEN and now_s <= self.trade.decide_by_s


def _rank(status: Status) -> int:
    return _RANK.get(status, _FINAL_RANK)
