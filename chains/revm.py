"""The fast engine: revm executes; accounts, storage and their tries are ours.

What revm changed is read after each transaction and kept in states that share what they have in
common (``chains.revm_state``). revm's database holds one of them at a time and moves to another by
what differs, so a snapshot, a reorganisation or a call at an old block costs what lies between.
"""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakValueDictionary

from chains.config import ChainConfig
from chains.engine import Block, Call, Transaction
from chains.execution import Outcome, State
from chains.headers import Header
from chains.ledger import Ledger
from chains.revm_binding import Binding, Effects, Message
from chains.revm_state import Account, WorldState
from chains.transactions import effective_gas_price, intrinsic_gas_of


class RevmExecutor:
    """Executes with revm and keeps the states that somebody still names."""

    def __init__(self, config: ChainConfig) -> None:
        self._config = config
        self._binding = Binding(config)
        self._state = WorldState(None, self._binding.codes)  # what the database holds, but for
        self._pending: dict[bytes, Account] = {}  # what the block begun has changed,
        self._written: dict[bytes, dict[int, int]] = {}  # and the words, on top of those accounts
        self._states = WeakValueDictionary({self._state.root: self._state})
        self._draft: Header | None = None

    def open(self, balances: Mapping[bytes, int]) -> WorldState:
        """Create the genesis state."""
        for account, balance in balances.items():
            self._put(Account(account, balance=balance))
        return self.finish()

    def begin(self, draft: Header) -> None:
        """Start a block."""
        self._go_to(draft.state_root)
        self._binding.set_block(draft)
        self._draft = draft

    def pending_nonce(self, account: bytes) -> int:
        """The nonce within the block begun."""
        return self._account(account).nonce

    def pending_balance(self, account: bytes) -> int:
        """The balance within the block begun."""
        return self._account(account).balance

    def execute(self, transaction: Transaction) -> Outcome:
        """Execute within the block begun."""
        draft = self._begun
        base_fee = draft.base_fee_per_gas or 0
        price = effective_gas_price(transaction, base_fee)
        sender = self._account(transaction.sender)
        effects = self._binding.run(
            Message(
                sender=sender,
                to=transaction.to,
                data=transaction.data,
                value=transaction.value,
                gas_limit=transaction.gas_limit,
                gas_price=price,
                access_list=transaction.access_list,
            )
        )
        self._keep(effects)
        gas_used = effects.outcome.gas_used
        payer = self._account(sender.address)
        rest = payer.balance - gas_used * price
        self._put(payer.paying(transaction.nonce + 1, rest))
        if price > base_fee:
            proposer = self._account(draft.coinbase)
            tip = gas_used * (price - base_fee)
            self._put(proposer.paying(proposer.nonce, proposer.balance + tip))
        return effects.outcome

    def finish(self) -> WorldState:
        """End the block begun and return its state."""
        for address in tuple(self._written):
            self._fold(address)
        state = self._state.after(self._pending.values())
        self._state = self._states.setdefault(state.root, state)
        self._pending = {}
        return self._state

    def put_away(self, state: State) -> None:
        """Nothing, for a state is made of nodes that no other block has."""

    def accept(self, header: Header, block: Block) -> None:
        """The ledger's blocks are taken as they are; the other engine checks them."""

    def forget(self, head: Block) -> None:
        """States are forgotten with the blocks that name them."""

    def simulate(self, call: Call, gas: int, context: Header) -> Outcome:
        """Execute after the block ``context`` and revert."""
        is_refused = self._config.refuses_initcode(call.to, call.data)
        if is_refused or gas < intrinsic_gas_of(call.to, call.data):
            return Outcome(is_success=False, is_revert=False, gas_used=gas, output=b"")
        self._go_to(context.state_root)
        self._binding.set_block(context)
        sender = self._account(call.sender)
        message = Message(sender, call.to, call.data, call.value, gas)
        return self._binding.simulate(message, self._binding.codes[sender.code_hash])

    @property
    def _begun(self) -> Header:
        if self._draft is None:
            raise RuntimeError("no block has begun")
        return self._draft

    def _keep(self, effects: Effects) -> None:
        """Make the block begun hold what a transaction left, before fees."""
        for seen in effects.accounts:
            old = self._account(seen.address)
            if old[:4] != seen:
                self._put(Account(*seen, old.storage))
        for address in effects.destroyed:
            self._fold(address)
            gone = self._account(address)
            self._binding.write_words(gone, Account(address))
            self._put(Account(address))
        for address, slot, value in effects.words:
            if address not in effects.destroyed:
                self._written.setdefault(address, {})[slot] = value
                self._binding.write_word(address, slot, value)

    def _account(self, address: bytes) -> Account:
        return self._pending.get(address) or self._state.account(address)

    def _put(self, account: Account) -> None:
        old = self._account(account.address)
        if account != old:
            self._binding.write_account(old, account)
            self._pending[account.address] = account

    def _fold(self, address: bytes) -> None:
        """Put the words written to an account into its storage; the database has them already."""
        words = self._written.pop(address, None)
        if words:
            self._pending[address] = self._account(address).with_words(words)

    def _go_to(self, root: bytes) -> None:
        """Make the database hold the state with a root, and nothing of an unfinished block."""
        if self._pending or self._written:
            self._leave()
        if root != self._state.root:
            target = self._states[root]
            for old, new in self._state.changes_to(target):
                self._move(old, new)
            self._state = target

    def _leave(self) -> None:
        """Take back what an unfinished block has changed."""
        for address in tuple(self._written):
            self._fold(address)
        for account in self._pending.values():
            self._move(account, self._state.account(account.address))
        self._pending = {}

    def _move(self, old: Account, new: Account) -> None:
        self._binding.write_account(old, new)
        self._binding.write_words(old, new)


class RevmEngine(Ledger):
    """The ledger over revm."""

    name = "revm"

    def __init__(self, config: ChainConfig) -> None:
        super().__init__(config, RevmExecutor(config))
