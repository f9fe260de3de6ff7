"""The reference engine: py-evm, which also checks every block that the ledger builds.

py-evm executes, and then judges the finished block by its own means: header rules, transactions
root, receipts root and bloom from its own receipts, state root. Only what ``chains.qbft_vm`` names
is overridden.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from eth.abc import (
    BlockHeaderAPI,
    ComputationAPI,
    ReceiptAPI,
    SignedTransactionAPI,
    StateAPI,
    VirtualMachineAPI,
)
from eth.constants import BLANK_ROOT_HASH, CREATE_CONTRACT_ADDRESS, GENESIS_PARENT_HASH
from eth.db import get_db_backend
from eth.exceptions import Revert
from eth.vm.chain_context import ChainContext
from eth.vm.forks.shanghai.transactions import ShanghaiTransactionBuilder
from eth.vm.spoof import SpoofTransaction
from eth_typing import Address, BlockNumber, Hash32
from eth_utils.exceptions import ValidationError

from chains.config import ChainConfig
from chains.engine import Block, Call, ChainError, Transaction
from chains.execution import Outcome, RawLog
from chains.headers import Header
from chains.ledger import Ledger
from chains.qbft_chain import QbftChain, chain_class
from chains.qbft_vm import QbftHeader, machine_class


class BlockRefused(ChainError):
    """py-evm does not accept a block that the ledger built: a fault in Lockstep."""

    code = "E-CHAIN-BLOCK-REFUSED"


class PyEvmExecutor:
    """Executes with py-evm and keeps its chain, block by block."""

    def __init__(self, config: ChainConfig) -> None:
        self._context = ChainContext(config.chain_id)
        self._vm_class = machine_class(config)
        self._chain_class = chain_class(config, self._vm_class)
        self._db = get_db_backend()
        self._chain: QbftChain | None = None
        self._vm: VirtualMachineAPI | None = None
        self._header: BlockHeaderAPI | None = None
        self._transactions: list[SignedTransactionAPI] = []
        self._receipts: list[ReceiptAPI] = []
        self._view: tuple[bytes, StateAPI] | None = None
        self._simulated: tuple[Header, StateAPI] | None = None

    @property
    def chain(self) -> QbftChain:
        """py-evm's own chain, for tools that want it."""
        if self._chain is None:
            raise BlockRefused("the chain has no genesis yet")
        return self._chain

    def open(self, balances: Mapping[bytes, int]) -> bytes:
        """Create the genesis state and return its root."""
        state = self._state(_bare_header(BLANK_ROOT_HASH))
        for account, balance in balances.items():
            state.set_balance(Address(account), balance)
        state.persist()
        return state.state_root

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
        return _outcome(computation, self._header.gas_used - before)

    def finish(self) -> bytes:
        """End the block begun and return the root of its state."""
        state = self._machine.state
        state.persist()
        return state.state_root

    def accept(self, block: Block) -> None:
        """Check a block and keep it. Raises BlockRefused."""
        header = QbftHeader.of(Header.decode(block.header_rlp))
        if block.height == 0:
            self._chain = self._chain_class.over(self._db, header)
            return
        machine = self._machine
        sealable = machine.get_block_class()(header, self._transactions, [], [])
        try:
            _check_same(header.hash, block.hash, "hash")
            _check_same(header.bloom, self._pending_header.bloom, "bloom")
            _check_same(header.gas_used, self._pending_header.gas_used, "gas used")
            machine.validate_block(sealable)
            self.chain.extend(sealable, tuple(self._receipts))
        except ValidationError as error:
            raise BlockRefused(f"block {block.height}: {error}") from error

    def forget(self, head: Block) -> None:
        """Make ``head`` the canonical head again."""
        self.chain.set_head(Hash32(head.hash))

    def simulate(self, call: Call, gas: int, context: Header) -> Outcome:
        """Execute after the block ``context`` and revert."""
        state = self._simulation(context)
        snapshot = state.snapshot()
        try:
            return self._run(state, call, gas)
        finally:
            state.revert(snapshot)
            state.lock_changes()

    def nonce(self, account: bytes, state_root: bytes) -> int:
        """The next nonce."""
        return self._at(state_root).get_nonce(Address(account))

    def balance(self, account: bytes, state_root: bytes) -> int:
        """In wei."""
        return self._at(state_root).get_balance(Address(account))

    def code(self, account: bytes, state_root: bytes) -> bytes:
        """The deployed code."""
        return self._at(state_root).get_code(Address(account))

    def storage(self, account: bytes, slot: int, state_root: bytes) -> int:
        """One word."""
        return self._at(state_root).get_storage(Address(account), slot)

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

    def _at(self, state_root: bytes) -> StateAPI:
        if self._view is None or self._view[0] != state_root:
            self._view = (state_root, self._state(_bare_header(state_root)))
        return self._view[1]

    def _simulation(self, context: Header) -> StateAPI:
        if self._simulated is None or self._simulated[0] is not context:
            header = QbftHeader.of(context).copy(base_fee_per_gas=0)
            self._simulated = (context, self._state(header))
        return self._simulated[1]

    def _state(self, header: BlockHeaderAPI) -> StateAPI:
        hashes = self._chain and self._vm_class.get_prev_hashes(
            header.parent_hash, self._chain.chaindb
        )
        return self._vm_class.build_state(self._db, header, self._context, hashes or ())

    def _run(self, state: StateAPI, call: Call, gas: int) -> Outcome:
        unsigned = ShanghaiTransactionBuilder.new_unsigned_dynamic_fee_transaction(
            chain_id=self._context.chain_id,
            nonce=state.get_nonce(Address(call.sender)),
            max_priority_fee_per_gas=0,
            max_fee_per_gas=0,
            gas=gas,
            to=CREATE_CONTRACT_ADDRESS if call.to is None else Address(call.to),
            value=call.value,
            data=call.data,
            access_list=(),
        )
        if gas < unsigned.intrinsic_gas:
            return Outcome(is_success=False, is_revert=False, gas_used=gas, output=b"")
        spoofed = SpoofTransaction(unsigned, from_=Address(call.sender))
        transaction = cast(SignedTransactionAPI, spoofed)
        computation = state.apply_transaction(transaction)
        return _outcome(computation, self._vm_class.finalize_gas_used(transaction, computation))


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


def _outcome(computation: ComputationAPI, gas_used: int) -> Outcome:
    failed = computation.is_error
    is_revert = failed and isinstance(computation.error, Revert)
    return Outcome(
        is_success=not failed,
        is_revert=is_revert,
        gas_used=gas_used,
        output=b"" if failed and not is_revert else bytes(computation.output),
        logs=()
        if failed
        else tuple(
            RawLog(address, tuple(topic.to_bytes(32, "big") for topic in topics), data)
            for address, topics, data in computation.get_log_entries()
        ),
    )


def _bare_header(state_root: bytes) -> QbftHeader:
    """A header that only names a state."""
    return QbftHeader(
        difficulty=1,
        block_number=BlockNumber(0),
        gas_limit=0,
        timestamp=0,
        state_root=Hash32(state_root),
        parent_hash=GENESIS_PARENT_HASH,
    )


def _check_same(theirs: object, ours: object, what: str) -> None:
    if theirs != ours:
        raise BlockRefused(f"py-evm has another {what}: {theirs!r}, not {ours!r}")
