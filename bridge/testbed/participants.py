"""The parties: each signs, holds, refuses and aborts with its own keys, by its own policy.

prompt   signs and acts as soon as it can
late     does the same, ``delay_s`` later
refuses  says no on chain for its own legs
silent   does nothing at all

Signatures travel off chain, through a mailbox. The first sender on the hub's chain opens the trade
once everybody has signed; the first sender on another chain holds once that chain's senders have.
After ``decide_by`` any party aborts what was not decided.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol, TypeAlias

from bridge import contract_calls
from bridge.account import Account
from bridge.events import Action, Purpose
from bridge.model import Address, ChainId, Signature, Status, Trade, TradeId
from bridge.signatures import sign
from bridge.testbed.scenario import Participant as Policy
from bridge.testbed.world import World

OPEN_GAS = 600_000
OPEN_GAS_PER_LEG = 300_000
DECISION_GAS = 300_000
DECISION_GAS_PER_LEG = 150_000
ABORT_MARGIN_S = 1
ABORT_STAGGER_S = 2
RETRY_S = 3


class Task(Enum):
    """What a party has on its agenda for a trade."""

    SIGN = "sign"
    ACT = "act"
    ABORT = "abort"


@dataclass(frozen=True, slots=True)
class Order:
    """A call that a party makes, on a chain's settlement contract unless it is a payment."""

    participant: str
    chain_id: ChainId
    purpose: Purpose
    data: bytes
    gas_limit: int
    trade_id: TradeId | None = None


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
    signatures: dict[Address, Signature] = field(default_factory=dict)
    refused: dict[Address, None] = field(default_factory=dict)
    sent: dict[ChainId, None] = field(default_factory=dict)  # where open or hold was tried
    short: dict[ChainId, None] = field(default_factory=dict)  # where it failed

    def signed_by(self, parties: tuple[Address, ...]) -> tuple[Signature, ...] | None:
        """Their signatures in order, or None when one is missing."""
        if any(party not in self.signatures for party in parties):
            return None
        return tuple(self.signatures[party] for party in parties)


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


class Participants:
    """All parties and their agenda."""

    def __init__(self, world: World, ledger: Ledger) -> None:
        parties = (Party(n, world.accounts[n], p) for n, p in world.scenario.participants.items())
        self._parties = {party.address: party for party in parties}
        self._ledger = ledger
        self._folders: dict[TradeId, Folder] = {}
        self._agenda: list[tuple[int, int, Task, Address, TradeId]] = []
        self._sequence = 0

    def instruct(self, trade_id: TradeId, trade: Trade, now_s: int) -> None:
        """Give a trade to its parties."""
        self._folders[trade_id] = Folder(trade_id, trade)
        for index, address in enumerate(trade.parties):
            party = self._parties[address]
            self._plan(now_s + party.delay_s, Task.SIGN, address, trade_id)
            overdue_s = trade.decide_by_s + ABORT_MARGIN_S + ABORT_STAGGER_S * index
            self._plan(overdue_s, Task.ABORT, address, trade_id)

    def step(self, now_s: int) -> Iterator[Act]:
        """Everything that is due by now, in order."""
        while self._agenda and self._agenda[0][0] <= now_s:
            _, _, task, address, trade_id = heapq.heappop(self._agenda)
            folder = self._folders.get(trade_id)
            if folder is not None:
                yield from self._perform(task, self._parties[address], folder, now_s)

    def close(self, trade_id: TradeId) -> None:
        """Forget a trade that has come to its end."""
        self._folders.pop(trade_id, None)

    def failed(self, order: Order, reason: str, now_s: int) -> Iterator[Note]:
        """A party's transaction reverted; it says why, and tries again once that can help."""
        folder = self._folders.get(order.trade_id) if order.trade_id else None
        if folder is None or order.purpose not in (Purpose.OPEN, Purpose.HOLD):
            return
        del folder.sent[order.chain_id]
        folder.short[order.chain_id] = None
        short = self._ledger.shortage(folder.trade, order.chain_id)
        yield Note(order.participant, Action.WITHHELD, folder.trade_id, short or reason)
        address = next(a for a, p in self._parties.items() if p.name == order.participant)
        self._plan(now_s + RETRY_S, Task.ACT, address, folder.trade_id)

    def _perform(self, task: Task, party: Party, folder: Folder, now_s: int) -> Iterator[Act]:
        match task:
            case Task.SIGN:
                yield from self._sign(party, folder, now_s)
            case Task.ACT:
                for chain in party.chains_of(folder.trade):
                    yield from self._act(party, folder, chain, now_s)
            case Task.ABORT:
                yield from self._abort(party, folder)

    def _sign(self, party: Party, folder: Folder, now_s: int) -> Iterator[Act]:
        if party.policy.policy == "silent":
            yield Note(party.name, Action.WITHHELD, folder.trade_id, "silent")
            return
        if party.delay_s:
            reason = f"acts {party.delay_s} s late"
            yield Note(party.name, Action.WAITED, folder.trade_id, reason)
        if party.signs(folder.trade):
            folder.signatures[party.address] = sign(party.account.key, folder.trade_id)
            yield Note(party.name, Action.SIGNED, folder.trade_id, "")
        if party.policy.policy == "refuses":
            folder.refused[party.address] = None
            for chain in party.chains_of(folder.trade):
                yield from self._refuse(party, folder, chain, "its policy")
        for address in folder.trade.parties:
            self._plan(now_s, Task.ACT, address, folder.trade_id)

    def _act(self, party: Party, folder: Folder, chain: ChainId, now_s: int) -> Iterator[Act]:
        """Open or hold when it is this party's turn and the signatures are there."""
        trade = folder.trade
        senders = trade.parties_on(chain)
        is_hub = chain == trade.hub_chain_id
        if not party.signs(trade) or party.address in folder.refused or chain in folder.sent:
            return
        signatures = folder.signed_by(trade.parties if is_hub else senders)
        if signatures is None:
            if is_hub and folder.refused and party.address == senders[0]:
                yield from self._refuse(party, folder, chain, "a counterparty refused")
            return
        if senders[0] != party.address:
            return
        if now_s > trade.prepare_by_s:
            folder.sent[chain] = None
            yield Note(party.name, Action.WITHHELD, folder.trade_id, "too late to prepare")
            return
        if chain in folder.short and self._ledger.shortage(trade, chain):
            self._plan(now_s + RETRY_S, Task.ACT, party.address, folder.trade_id)
            return
        gas = OPEN_GAS + OPEN_GAS_PER_LEG * len(trade.legs)
        folder.sent[chain] = None
        if is_hub:
            data = contract_calls.open_trade(trade, signatures)
            yield Order(party.name, chain, Purpose.OPEN, data, gas, folder.trade_id)
        else:
            data = contract_calls.hold(trade, signatures)
            yield Order(party.name, chain, Purpose.HOLD, data, gas, folder.trade_id)

    def _refuse(self, party: Party, folder: Folder, chain: ChainId, reason: str) -> Iterator[Act]:
        folder.sent[chain] = None
        yield Note(party.name, Action.REFUSED, folder.trade_id, reason)
        gas = DECISION_GAS + DECISION_GAS_PER_LEG * len(folder.trade.legs)
        data = contract_calls.refuse(folder.trade)
        yield Order(party.name, chain, Purpose.REFUSE, data, gas, folder.trade_id)

    def _abort(self, party: Party, folder: Folder) -> Iterator[Act]:
        """End what nobody decided in time; parties take turns, so that one of them is enough."""
        hub = folder.trade.hub_chain_id
        if party.policy.policy == "silent":
            return
        if self._ledger.status(hub, folder.trade_id) in (Status.COMMITTED, Status.ABORTED):
            return
        yield Note(party.name, Action.ASKED_TO_ABORT, folder.trade_id, "not decided in time")
        gas = DECISION_GAS + DECISION_GAS_PER_LEG * len(folder.trade.legs)
        data = contract_calls.abort(folder.trade)
        yield Order(party.name, hub, Purpose.ABORT, data, gas, folder.trade_id)

    def _plan(self, at_s: int, task: Task, address: Address, trade_id: TradeId) -> None:
        self._sequence += 1
        heapq.heappush(self._agenda, (at_s, self._sequence, task, address, trade_id))
