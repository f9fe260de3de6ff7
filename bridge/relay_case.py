"""One trade in flight, as the relayer knows it: terms, statuses, facts, how carrying them goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bridge.model import BATCH_MAX, ChainId, Status, Trade, TradeId
from bridge.protocols.protocol import Carry, ChainView, SettlementProtocol

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
        return self.statuses.get(chain, Status.NONE)

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
        if _rank(status) > _rank(known):
            self.statuses[chain] = status
        return status == known or _rank(status) != _FINAL_RANK or _rank(known) != _FINAL_RANK

    def is_finished(self, sealed_s: Mapping[ChainId, int]) -> bool:
        """True when the hub has decided and no other chain holds anything, now or later.

        ``sealed_s`` has the time of each chain's last sealed block: past ``prepare_by`` a chain
        that holds nothing never will.
        """
        return self.hub_status in DECIDED and all(
            self.status_on(chain) in LEGS_ENDED
            or (self.status_on(chain) is Status.NONE and self._is_past(sealed_s.get(chain, 0)))
            for chain in self.trade.foreign_chain_ids
        )

    def carries(
        self,
        protocol: SettlementProtocol,
        now_s: int,
        frozen: Mapping[ChainId, frozenset[ChainId]],
    ) -> Iterator[Carry]:
        """The facts that some chain still has to be told; ``frozen`` clients by their chain."""
        chains = (self.trade.hub_chain_id, *self.trade.foreign_chain_ids)
        none: frozenset[ChainId] = frozenset()
        view = {
            chain: ChainView(
                now_s, self.status_on(chain), self._pending_on(chain), frozen.get(chain, none)
            )
            for chain in chains
        }
        for action in protocol.next_actions(self.trade, view):
            if isinstance(action, Carry):
                yield action

    def is_decided_by(self, carry: Carry) -> bool:
        """True when the hub decides as soon as it is told: the last hold, or a refusal."""
        hub = self.trade.hub_chain_id
        if carry.target != hub or self.hub_status is not Status.OPEN:
            return False
        return carry.status is not Status.HELD or all(
            source == carry.source or self._is_proven(Carry(source, hub, Status.HELD))
            for source in self.trade.foreign_chain_ids
        )

    def contradiction(self) -> str:
        """What can never be true of one trade, or nothing."""
        for chain in self.trade.foreign_chain_ids:
            legs = self.status_on(chain)
            if (self.hub_status, legs) in _NEVER:
                return f"{self.hub_status.name} at the hub, {legs.name} on chain {chain}"
        return ""

    def _is_past(self, sealed_s: int) -> bool:
        return sealed_s > self.trade.prepare_by_s

    def _pending_on(self, chain: ChainId) -> int:
        """The legs that the open hub has not been shown as held; our own proofs count."""
        if chain != self.trade.hub_chain_id or self.hub_status is not Status.OPEN:
            return 0
        return sum(
            self.trade.leg_mask(source)
            for source in self.trade.foreign_chain_ids
            if not self._is_proven(Carry(source, chain, Status.HELD))
        )

    def _is_proven(self, carry: Carry) -> bool:
        return carry in self.attempts and self.attempts[carry].is_done


def _rank(status: Status) -> int:
    return _RANK.get(status, _FINAL_RANK)
