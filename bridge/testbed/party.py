"""A party, what it does, and what it knows of a trade off chain.

prompt   signs and acts as soon as it can
late     does the same, ``delay_s`` later
refuses  says no on chain for its own legs
silent   does nothing at all
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from bridge.account import Account
from bridge.events import Action, Purpose
from bridge.model import Address, ChainId, Signature, Status, Trade, TradeId
from bridge.testbed.scenario import Participant as Policy


@dataclass(frozen=True, slots=True)
class Order:
    """A call that a party makes.

    ``terms`` are those of its one trade when it may go in a batch with others; ``members`` are the
    orders that a batch was made of.
    """

    participant: str
    chain_id: ChainId
    purpose: Purpose
    data: bytes
    gas_limit: int
    trade_ids: tuple[TradeId, ...] = ()
    to: Address | None = None  # the chain's settlement contract, unless another is named
    terms: Trade | None = None
    members: tuple[Order, ...] = ()

    @property
    def trade_id(self) -> TradeId | None:
        """The one trade that it is about; None when it is about none, or many."""
        return self.trade_ids[0] if len(self.trade_ids) == 1 else None


@dataclass(frozen=True, slots=True)
class Note:
    """Something a party did or left undone without a transaction."""

    participant: str
    action: Action
    trade_id: TradeId
    reason: str


Act: TypeAlias = Order | Note


class Ledger(Protocol):
    """What a party reads from the chains before it acts."""

    def status(self, chain_id: ChainId, trade_id: TradeId) -> Status:
        """What the chain's settlement contract stores."""
        ...

    def shortage(self, trade: Trade, chain_id: ChainId) -> str:
        """Which sender of legs on a chain lacks what, as a sentence; empty when nobody does."""
        ...


@dataclass(slots=True)
class Folder:
    """One trade as its parties see it off chain: terms, signatures, who refused."""

    trade_id: TradeId
    trade: Trade
    duties: Mapping[Address, tuple[ChainId, ...]]  # where each opens or holds
    concerned: tuple[Address, ...]
    """Everybody with an interest in the trade's end: the senders, then those who only receive."""
    signatures: dict[Address, Signature] = field(default_factory=dict)
    refused: dict[Address, None] = field(default_factory=dict)
    sent: dict[ChainId, None] = field(default_factory=dict)  # where open or hold was tried
    failures: dict[ChainId, int] = field(default_factory=dict)  # how often that failed
    is_withdrawn: bool = False  # all parties have cancelled it
    called: set[Address] = field(default_factory=set)  # who is to act at this moment
    abort_number: int = 0  # of the first turn to abort it, on the agenda

    @classmethod
    def of(cls, trade_id: TradeId, trade: Trade) -> Folder:
        """The folder of a new trade; on each chain its first sender acts."""
        chains = dict.fromkeys((trade.hub_chain_id, *trade.chain_ids))
        acting = {chain: first_on(trade, chain) for chain in chains}
        duties = {
            party: tuple([chain for chain, first in acting.items() if first == party])
            for party in trade.parties
            if party in acting.values()
        }
        receivers = (leg.receiver for leg in trade.legs)
        return cls(trade_id, trade, duties, tuple(dict.fromkeys((*trade.parties, *receivers))))

    def is_refused_elsewhere(self, chain: ChainId) -> bool:
        """True when somebody has refused, and nobody on this chain."""
        here = self.trade.parties_on(chain)
        return bool(self.refused) and not any(party in here for party in self.refused)

    def signed_by(self, parties: tuple[Address, ...]) -> tuple[Signature, ...] | None:
        """Their signatures in order, or None when one is missing."""
        try:
            return tuple([self.signatures[party] for party in parties])
        except KeyError:
            return None


@dataclass(frozen=True, slots=True)
class Party:
    """A participant with its key and its policy."""

    name: str
    account: Account
    policy: Policy

    @property
    def delay_s(self) -> int:
        """How long it takes before it acts."""
        return self.policy.delay_s if self.policy.policy == "late" else 0

    @property
    def address(self) -> Address:
        """Its account on every chain."""
        return self.account.address

    def signs(self, trade: Trade) -> bool:
        """A refusing party signs only what it can stop alone, before anybody can hold its legs."""
        if self.policy.policy != "refuses":
            return self.policy.policy != "silent"
        return trade.hub_chain_id not in self.chains_of(trade) and all(
            trade.parties_on(chain) == (self.address,) for chain in self.chains_of(trade)
        )

    def chains_of(self, trade: Trade) -> tuple[ChainId, ...]:
        """Where it has a leg to deliver."""
        return tuple(c for c in trade.chain_ids if self.address in trade.parties_on(c))


def first_on(trade: Trade, chain: ChainId) -> Address:
    """Who acts for the parties on a chain: its first sender; on a hub without legs, the first."""
    return (trade.parties_on(chain) or trade.parties)[0]
