"""What the relayer remembers: trades in flight, facts about them, and what each client knows.

All of it can be read again from the chains. A finished trade is forgotten, so the book is as
large as the open trades and not as the chains.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from bridge.model import Address, ChainId, Status, Trade, TradeId

KNOWN_HEIGHTS_MAX = 4096
ORPHANS_MAX = 4096

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


@dataclass(frozen=True, slots=True)
class SetChange:
    """A header that names another validator set than the one before it."""

    height: int
    previous: tuple[Address, ...]


@dataclass(slots=True)
class Link:
    """A light client on ``destination`` that follows ``source``, as the relayer knows it."""

    source: ChainId
    destination: ChainId
    trusted_since: int = 0  # headers below are refused
    is_frozen: bool = False
    changes: deque[SetChange] = field(default_factory=deque)  # not accepted yet, ascending
    in_flight: set[int] = field(default_factory=set)
    failures: int = 0
    not_before_s: int = 0
    _known: OrderedDict[int, None] = field(default_factory=OrderedDict)

    def accept(self, height: int) -> None:
        """The client believes this header."""
        self._known[height] = None
        while len(self._known) > KNOWN_HEIGHTS_MAX:
            self._known.popitem(last=False)
        self.failures = 0
        if any(change.height == height for change in self.changes):
            self.trust_from(height)

    def trust_from(self, height: int) -> None:
        """The client trusts the set of this height, and no older one."""
        self.trusted_since = max(self.trusted_since, height)
        while self.changes and self.changes[0].height <= height:
            self.changes.popleft()

    def knows(self, height: int) -> bool:
        """True when a proof against this height needs no header any more."""
        return height in self._known

    def can_learn(self, height: int) -> bool:
        """True when a header of this height can still be shown to the client.

        A set change that is on its way counts as made: it will be in a block before ours.
        """
        coming = [c.height for c in self.changes if c.height in self.in_flight]
        return height >= max([self.trusted_since, *coming])

    def previous_set(self, height: int) -> tuple[Address, ...]:
        """The set that the client trusts before this header, if the header changes it."""
        return next((c.previous for c in self.changes if c.height == height), ())


class Orphans:
    """Announcements about trades whose terms nobody has emitted yet; the oldest go first."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[TradeId, list[tuple[Status, Announcement]]] = OrderedDict()

    def keep(self, trade_id: TradeId, status: Status, announcement: Announcement) -> None:
        """Remember one until its terms come."""
        waiting = self._waiting.setdefault(trade_id, [])
        if all(known != status for known, _ in waiting):
            waiting.append((status, announcement))
        if len(self._waiting) > ORPHANS_MAX:
            self._waiting.popitem(last=False)

    def claim(self, trade_id: TradeId) -> list[tuple[Status, Announcement]]:
        """What is known of a trade whose terms have come."""
        return self._waiting.pop(trade_id, [])


def _rank(status: Status) -> int:
    return _RANK.get(status, _FINAL_RANK)
