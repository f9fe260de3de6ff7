"""The reference engine: py-evm, which also checks every block that the ledger builds.

py-evm executes, and then judges the finished block by its own means: header rules, transactions
root, receipts root and bloom from its own receipts, state root. Only what ``chains.qbft_vm`` names
is overridden.
"""

from __future__ import annotations

from collections.abc import Mapping

from eth.abc import (
    BlockHeaderAPI,
    ReceiptAPI,
    SignedTransactionAPI,
    VirtualMachineAPI,
)
from eth.constants import BLANK_ROOT_HASH
from eth.db import get_db_backend
from eth_typing import Address, Hash32
from eth_utils.exceptions import ValidationError

from chains.config import ChainConfig
from chains.engine import Block, Call, ChainError, Transaction
from chains.execution import Outcome, State
from chains.headers import Header
from chains.ledger import Ledger
from chains.pyevm_states import RootedState, States, outcome_of
from chains.qbft_chain import QbftChain, chain_class
from chains.qbft_vm import QbftHeader, machine_class


class BlockRefused(ChainError):
    """py-evm does not accept a block that the ledger built: a fault in Lockstep."""

    code = "E-CHAIN-BLOCK-REFUSED"


class PyEvmExecutor:
    """Executes with py-evm and keeps its chain, block by block."""

    def __init__(self, config: ChainConfig) -> None:
        machine = machine_class(config)
        self._chain_class = chain_class(config, machine)
        self._db = get_db_backend()
        self._states = States(machine, config.chain_id, self._db)
        self._chain: QbftChain | None = None
        self._vm: VirtualMachineAPI | None = None
        self._header: BlockHeaderAPI | None = None
        self._transactions: list[SignedTransactionAPI] = []
        self._receipts: list[ReceiptAPI] = []

    @property
    def chain(self) -> QbftChain:
        """py-evm's own chain, for tools that want it."""
        if self._chain is None:
            raise BlockRefused("the chain has no genesis yet")
        return self._chain

    def open(self, balances: Mapping[bytes, int]) -> RootedState:
        """Create the genesis state."""
        state = self._states.fresh(BLANK_ROOT_HASH)
        for account, balance in balances.items():
            state.set_balance(Address(account), balance)
        state.persist()
        return RootedState(state.state_root, self._states)

    def begin(self, draft: Header) -> None:
        """Start a block."""
        self._header = QbftHeader.of(draft)
        self._vm = self.chain.get_vm(self._header)
        self._transactions, self._receipts = [], []

    def pending_nonce(self, account: bytes) -> int:
        """The nonce within the block begun."""
        return self._machine.state.get_nonce(Address(account))

    def pending_balance(self, account: bytes) -> int:
        """The balance within the block begun."""
        return self._machine.state.get_balance(Address(account))

    def execute(self, transaction: Transaction) -> Outcome:
        """Execute within the block begun."""
        machine = self._machine
        decoded = machine.get_transaction_builder().decode(transaction.raw)
        decoded.__dict__["sender"] = transaction.sender  # recovered once, by the ledger
        before = self._pending_header.gas_used
        receipt, computation = machine.apply_transaction(self._pending_header, decoded)
        self._header = machine.add_receipt_to_header(self._pending_header, receipt)
        self._transactions.append(decoded)
        self._receipts.append(receipt)
        return outcome_of(computation, self._header.gas_used - before)

    def finish(self) -> RootedState:
        """End the block begun and return its state."""
        state = self._machine.state
        state.persist()
        return RootedState(state.state_root, self._states)

    def put_away(self, state: State) -> State:
        """All of it, for it is a name only."""
        return state

    def accept(self, header: Header, block: Block) -> None:
        """Check a block and keep it. Raises BlockRefused."""
        theirs = QbftHeader.of(header)
        if block.height == 0:
            self._chain = self._chain_class.over(self._db, theirs)
            return
        machine = self._machine
        sealable = machine.get_block_class()(theirs, self._transactions, [], [])
        try:
            _check_same(theirs.hash, block.hash, "hash")
            _check_same(theirs.bloom, self._pending_header.bloom, "bloom")
            _check_same(theirs.gas_used, self._pending_header.gas_used, "gas used")
            machine.validate_block(sealable)
            self.chain.extend(sealable, tuple(self._receipts))
        except ValidationError as error:
            raise BlockRefused(f"block {block.height}: {error}") from error

    def forget(self, head: Block) -> None:
        """Make ``head`` the canonical head again."""
        self.chain.set_head(Hash32(head.hash))

    def simulate(self, call: Call, gas: int, context: Header) -> Outcome:
        """Execute after the block ``context`` and revert."""
        return self._states.simulate(call, gas, context)

    @property
    def _machine(self) -> VirtualMachineAPI:
        if self._vm is None:
            raise BlockRefused("no block has begun")
        return self._vm

    @property
    def _pending_header(self) -> BlockHeaderAPI:
        if self._header is None:
            raise BlockRefused("no block has begun")
        return self._header


class PyEvmEngine(Ledger):
    """The ledger over py-evm."""

    name = "pyevm"

    def __init__(self, config: ChainConfig) -> None:
        self._pyevm = PyEvmExecutor(config)
        super().__init__(config, self._pyevm)

    @property
    def chain(self) -> QbftChain:
        """py-evm's own chain."""
        return self._pyevm.chain


def _check_same(theirs: object, ours: object, what: str) -> None:
    if theirs != ours:
        raise BlockRefused(f"py-evm has another {what}: {theirs!r}, not {ours!r}")
