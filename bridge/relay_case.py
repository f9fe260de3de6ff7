"""One trade in flight, as the relayer knows it: terms, statuses, facts, how carrying them goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bridge.model import BATCH_MAX, ChainId, Status, Trade, TradeId
from bridge.protocols.protocol import Carry, ChainView, SettlementProtocol

DECIDED = frozenset({Status.COMMITTED, Status.ABORTED})
LEGS_ENDED = frozenset({Status.EXECUTED, Status.RELEASED, Status.REFUSED})
HUB_SIDE = frozenset({Status.OPEN, *DECIDED})

_NONE, _OPEN, _HELD = Status.NONE, Status.OPEN, Status.HELD  # a member takes long to look up
_FINAL_RANK = 3
_RANK = dict.fromkeys(Status, _FINAL_RANK) | {_NONE: 0, _OPEN: 1, _HELD: 1, Status.OBJECTED: 2}
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


@dataclass(slots=True)
class Attempt:
    """How it goes to carry one fact to one chain, or to have one announced.

    ``not_before_s`` is when to try again, or until when to wait for what is in flight.
    """

    is_in_flight: bool = False
    is_done: bool = False
    failures: int = 0
    not_before_s: int = 0


@dataclass(slots=True)
class Fact:
    """The announcement by which a status can be proven; ``is_spoilt`` asks for a newer one.

    ``company_max`` is with how many trades a newer one may be shared: the more there are, the
    longer is their receipt.
    """

    announcement: Announcement
    is_spoilt: bool = False
    company_max: int = BATCH_MAX

    @property
    def is_alone(self) -> bool:
        """True when its log speaks of no other trade."""
        return len(self.announcement.ids) == 1

    def spoil(self) -> None:
        """Its receipt cannot be shown: the log was too long, or what stood beside it was."""
        self.is_spoilt = True
        if not self.is_alone:
            self.keep_less_company(len(self.announcement.ids))

    def keep_less_company(self, than: int) -> None:
        """A log of so many trades was too long: the next one is to have half of them."""
        self.company_max = min(self.company_max, max(1, than // 2))


@dataclass(slots=True)
class Case:
    """A trade in flight, as the sealed chains tell it."""

    trade_id: TradeId
    trade: Trade
    statuses: dict[ChainId, Status] = field(default_factory=dict)
    facts: dict[tuple[ChainId, Status], Fact] = field(default_factory=dict)
    attempts: dict[Carry, Attempt] = field(default_factory=dict)

    def status_on(self, chain: ChainId) -> Status:
        """The last status heard from a chain."""
        return self.statuses.get(chain, _NONE)

    @property
    def hub_status(self) -> Status:
        """What the hub says."""
        return self.status_on(self.trade.hub_chain_id)

    def attempt(self, carry: Carry) -> Attempt:
        """How it goes to carry one fact of this trade."""
        return self.attempts.setdefault(carry, Attempt())

    def hear(self, chain: ChainId, status: Status) -> bool:
        """Take over a status unless it is older than what is known; False for a contradiction."""
        known = self.status_on(chain)
        if _RANK[status] > _RANK[known]:
            self.statuses[chain] = status
        return status is known or _RANK[status] != _FINAL_RANK or _RANK[known] != _FINAL_RANK

    def is_finished(self, sealed_s: Mapping[ChainId, int]) -> bool:
        """True when the hub has decided and no other chain holds anything, now or later.

        ``sealed_s`` has the time of each chain's last sealed block: past ``prepare_by`` a chain
        that holds nothing never will.
        """
        if self.hub_status not in DECIDED:
            return False
        for chain in self.trade.foreign_chain_ids:
            status = self.status_on(chain)
            is_never = status is _NONE and sealed_s.get(chain, 0) > self.trade.prepare_by_s
            if not is_never and status not in LEGS_ENDED:
                return False
        return True

    def carries(
        self,
        protocol: SettlementProtocol,
        now_s: int,
        frozen: Mapping[ChainId, frozenset[ChainId]],
    ) -> Iterator[Carry]:
        """The facts that some chain still has to be told; ``frozen`` clients by their chain."""
        hub, none = self.trade.hub_chain_id, frozenset[ChainId]()
        view = {hub: ChainView(now_s, self.hub_status, self._pending, frozen.get(hub, none))}
        for chain in self.trade.foreign_chain_ids:
            view[chain] = ChainView(now_s, self.status_on(chain), 0, frozen.get(chain, none))
        for action in protocol.next_actions(self.trade, view):
            if isinstance(action, Carry):
                yield action

    def is_decided_by(self, carry: Carry) -> bool:
        """True when the hub decides as soon as it is told: the last hold, or a refusal.

        The other holds may be on their way: they are in front of this one.
        """
        hub = self.trade.hub_chain_id
        if carry.target != hub or self.hub_status is not _OPEN:
            return False
        return carry.status is not _HELD or all(
            source == carry.source or self._is_hold_under_way(source)
            for source in self.trade.foreign_chain_ids
        )

    def contradiction(self) -> str:
        """What can never be true of one trade, or nothing."""
        hub = self.hub_status
        if hub in DECIDED:
            for chain in self.trade.foreign_chain_ids:
                legs = self.status_on(chain)
                if (hub, legs) in _NEVER:
                    return f"{hub.name} at the hub, {legs.name} on chain {chain}"
        return ""

    @property
    def _pending(self) -> int:
        """The legs that the open hub has not been shown as held; our own proofs count."""
        if self.hub_status is not _OPEN:
            return 0
        foreign = self.trade.foreign_chain_ids
        return sum([self.trade.leg_mask(s) for s in foreign if not self._is_proven_held(s)])

    def _is_proven_held(self, source: ChainId) -> bool:
        attempt = self.attempts.get(Carry(source, self.trade.hub_chain_id, _HELD))
        return attempt is not None and attempt.is_done

    def _is_hold_under_way(self, source: ChainId) -> bool:
        attempt = self.attempts.get(Carry(source, self.trade.hub_chain_id, _HELD))
        return attempt is not None and (attempt.is_in_flight or attempt.is_done)
