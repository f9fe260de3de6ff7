"""The parties' agenda: who signs, opens, holds, refuses and aborts, and when.

Signatures travel off chain, through the folder of a trade. The first sender on the hub's chain
opens the trade once everybody has signed; the first sender on another chain holds once that
chain's senders have. After ``decide_by`` senders, then receivers, abort what was not decided.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from typing import TypeAlias

from bridge import contract_calls
from bridge.events import Action, Purpose
from bridge.model import Address, ChainId, Status, Trade, TradeId
from bridge.relay_view import LOST
from bridge.signatures import sign
from bridge.testbed.party import Act, Folder, Ledger, Note, Order, Party, first_on
from bridge.testbed.world import World

OPEN_GAS = 600_000
OPEN_GAS_PER_LEG = 300_000
DECISION_GAS = 300_000
DECISION_GAS_PER_LEG = 150_000
ABORT_MARGIN_S = 1
ABORT_STAGGER_S = 2
RETRY_S = 3
RETRIES_MAX = 3
SAID_ONCE = frozenset(
    {Purpose.REFUSE, Purpose.CANCEL, Purpose.OBJECT, Purpose.TRANSFER, Purpose.FREEZE}
)
"""What is decided once: where it is lost, the same is sent again. The rest is planned anew."""


Task: TypeAlias = Callable[[Party, Folder, int], Iterator[Act]]
"""What a party has on its agenda for a trade: to sign, to act, or to abort it, now."""


class Participants:
    """All parties and their agenda."""

    def __init__(self, world: World, ledger: Ledger) -> None:
        parties = (Party(n, world.accounts[n], p) for n, p in world.scenario.participants.items())
        self._parties = {party.address: party for party in parties}
        self._addresses = {party.name: address for address, party in self._parties.items()}
        self._ledger = ledger
        self._folders: dict[TradeId, Folder] = {}
        self._ceased: dict[Address, None] = {}
        self._agenda: list[tuple[int, int, Task, Address, TradeId]] = []
        self._sequence = 0

    def instruct(self, trade_id: TradeId, trade: Trade, now_s: int) -> None:
        """Give a trade to its parties."""
        folder = self._folders[trade_id] = Folder.of(trade_id, trade)
        for address in trade.parties:
            due_s = now_s + self._parties[address].delay_s
            self._plan(due_s, self._sign, address, trade_id)
        folder.abort_number = self._sequence + 1
        self._sequence += len(folder.concerned)
        self._plan_abort(folder, 0)

    def step(self, now_s: int) -> Iterator[Act]:
        """Everything that is due by now, in order."""
        while self._agenda and self._agenda[0][0] <= now_s:
            _, _, task, address, trade_id = heapq.heappop(self._agenda)
            folder = self._folders.get(trade_id)
            if folder is not None:
                yield from task(self._parties[address], folder, now_s)

    def party(self, address: Address) -> Party:
        """Whose account this is. Raises KeyError."""
        return self._parties[address]

    def is_acting(self, address: Address) -> bool:
        """False for a party that does nothing at all, or nothing any more."""
        return address not in self._ceased and self.party(address).policy.policy != "silent"

    def cease(self, name: str) -> None:
        """From now on a party does nothing any more."""
        self._ceased.update((a, None) for a, party in self._parties.items() if party.name == name)

    def withdraw(self, trade_id: TradeId) -> None:
        """All parties have cancelled: nobody opens or holds any more."""
        if trade_id in self._folders:
            self._folders[trade_id].is_withdrawn = True

    def close(self, trade_id: TradeId) -> None:
        """Forget a trade that has come to its end."""
        self._folders.pop(trade_id, None)

    def failed(self, order: Order, reason: str, now_s: int) -> Iterator[Act]:
        """A transaction reverted or was lost; its party says why, and tries again if that helps."""
        if reason == LOST and self._stands(order):
            yield order
            return
        folder = self._folders.get(order.trade_id) if order.trade_id else None
        if folder is None:
            return
        if order.purpose is Purpose.ABORT and reason == LOST:  # the others took it for done
            self._plan(now_s + RETRY_S, self._ask_to_abort, self._sender(order), folder.trade_id)
        if order.purpose not in (Purpose.OPEN, Purpose.HOLD):
            return
        chain = order.chain_id
        del folder.sent[chain]
        if reason != LOST:
            folder.failures[chain] = folder.failures.get(chain, 0) + 1
            short = self._ledger.shortage(folder.trade, chain)
            yield Note(order.participant, Action.WITHHELD, folder.trade_id, short or reason)
            if not short and folder.failures[chain] > RETRIES_MAX:
                return
        self._plan(now_s + RETRY_S, self._act, first_on(folder.trade, chain), folder.trade_id)

    def _stands(self, order: Order) -> bool:
        """True when what was lost is still to be done, and in the same words."""
        if order.purpose is Purpose.ANNOUNCE:
            return self._has_sent(order)
        is_over = order.trade_ids and not any(i in self._folders for i in order.trade_ids)
        return order.purpose in SAID_ONCE and not is_over

    def _has_sent(self, order: Order) -> bool:
        """True when a hold of one of these trades was sent, and not lost as well."""
        folders = (self._folders.get(trade_id) for trade_id in order.trade_ids)
        has_sent = any(folder is not None and order.chain_id in folder.sent for folder in folders)
        return has_sent and self._sender(order) not in self._ceased

    def _sender(self, order: Order) -> Address:
        return self._addresses[order.participant]

    def _sign(self, party: Party, folder: Folder, now_s: int) -> Iterator[Act]:
        if party.address in self._ceased:
            return
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
        for address in folder.duties:
            if address not in folder.called:  # once everybody has signed who signs now
                folder.called.add(address)
                self._plan(now_s, self._act, address, folder.trade_id)

    def _act(self, party: Party, folder: Folder, now_s: int) -> Iterator[Act]:
        folder.called.discard(party.address)
        if party.address not in self._ceased:
            for chain in folder.duties.get(party.address, ()):
                yield from self._act_on(party, folder, chain, now_s)

    def _act_on(self, party: Party, folder: Folder, chain: ChainId, now_s: int) -> Iterator[Act]:
        """Open or hold when it is this party's turn and the signatures are there."""
        trade = folder.trade
        is_hub = chain == trade.hub_chain_id
        if folder.is_withdrawn:
            return
        if not party.signs(trade) or party.address in folder.refused or chain in folder.sent:
            return
        signatures = folder.signed_by(trade.parties if is_hub else trade.parties_on(chain))
        if signatures is None:
            if is_hub and folder.is_refused_elsewhere(chain) and chain in party.chains_of(trade):
                yield from self._refuse(party, folder, chain, "a counterparty refused")
            return
        if now_s > trade.prepare_by_s:
            folder.sent[chain] = None
            yield Note(party.name, Action.WITHHELD, folder.trade_id, "too late to prepare")
            return
        if chain in folder.failures and self._ledger.shortage(trade, chain):
            self._plan(now_s + RETRY_S, self._act, party.address, folder.trade_id)
            return
        gas = OPEN_GAS + OPEN_GAS_PER_LEG * len(trade.legs)
        folder.sent[chain] = None
        purpose = Purpose.OPEN if is_hub else Purpose.HOLD
        make = contract_calls.open_trade if is_hub else contract_calls.hold
        yield Order(
            participant=party.name,
            chain_id=chain,
            purpose=purpose,
            data=make(trade, signatures),
            gas_limit=gas,
            trade_ids=(folder.trade_id,),
            terms=None if chain in folder.failures else trade,
        )

    def _refuse(self, party: Party, folder: Folder, chain: ChainId, reason: str) -> Iterator[Act]:
        folder.sent[chain] = None
        yield Note(party.name, Action.REFUSED, folder.trade_id, reason)
        gas = DECISION_GAS + DECISION_GAS_PER_LEG * len(folder.trade.legs)
        data = contract_calls.refuse(folder.trade)
        yield Order(party.name, chain, Purpose.REFUSE, data, gas, (folder.trade_id,))

    def _abort(self, party: Party, folder: Folder, now_s: int) -> Iterator[Act]:
        """End what nobody decided in time; they take turns, so that one of them is enough."""
        self._plan_abort(folder, folder.concerned.index(party.address) + 1)
        yield from self._ask_to_abort(party, folder, now_s)

    def _ask_to_abort(self, party: Party, folder: Folder, now_s: int) -> Iterator[Act]:
        hub = folder.trade.hub_chain_id
        if party.policy.policy == "silent" or party.address in self._ceased:
            return
        if self._ledger.status(hub, folder.trade_id) in (Status.COMMITTED, Status.ABORTED):
            return
        yield Note(party.name, Action.ASKED_TO_ABORT, folder.trade_id, "not decided in time")
        gas = DECISION_GAS + DECISION_GAS_PER_LEG * len(folder.trade.legs)
        data = contract_calls.abort(folder.trade)
        yield Order(party.name, hub, Purpose.ABORT, data, gas, (folder.trade_id,))

    def _plan_abort(self, folder: Folder, turn: int) -> None:
        """One after the other, so that a trade that ends leaves no more than one turn behind.

        What falls on one moment is done in the order of instruction: each turn has its number.
        """
        if turn < len(folder.concerned):
            at_s = folder.trade.decide_by_s + ABORT_MARGIN_S + ABORT_STAGGER_S * turn
            entry = folder.abort_number + turn, self._abort, folder.concerned[turn]
            heapq.heappush(self._agenda, (at_s, *entry, folder.trade_id))

    def _plan(self, at_s: int, task: Task, address: Address, trade_id: TradeId) -> None:
        self._sequence += 1
        heapq.heappush(self._agenda, (at_s, self._sequence, task, address, trade_id))
