"""py-evm's states: read by their root, or used for a call that is thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from eth.abc import (
    AtomicDatabaseAPI,
    BlockHeaderAPI,
    ChainDatabaseAPI,
    ComputationAPI,
    SignedTransactionAPI,
    StateAPI,
)
from eth.constants import CREATE_CONTRACT_ADDRESS, GENESIS_PARENT_HASH
from eth.exceptions import Revert
from eth.vm.chain_context import ChainContext
from eth.vm.forks.shanghai.transactions import ShanghaiTransactionBuilder
from eth.vm.spoof import SpoofTransaction
from eth_typing import Address, BlockNumber, Hash32

from chains.engine import Call
from chains.execution import Outcome, RawLog
from chains.headers import Header
from chains.qbft_vm import QbftChainDB, QbftHeader, QbftVM


class States:
    """The states in one database; the last one read and the last one simulated on stay open."""

    def __init__(self, machine: type[QbftVM], chain_id: int, database: AtomicDatabaseAPI) -> None:
        self._machine = machine
        self._context = ChainContext(chain_id)
        self._database = database
        self._headers: ChainDatabaseAPI = QbftChainDB(database)
        self._read: tuple[bytes, StateAPI] | None = None
        self._simulated: tuple[Header, StateAPI] | None = None

    def at(self, state_root: bytes) -> StateAPI:
        """The state with a root, to be read only."""
        if self._read is None or self._read[0] != state_root:
            self._read = (state_root, self._build(_bare_header(state_root)))
        return self._read[1]

    def fresh(self, state_root: bytes) -> StateAPI:
        """The state with a root, to be changed."""
        return self._build(_bare_header(state_root))

    def simulate(self, call: Call, gas: int, context: Header) -> Outcome:
        """Execute after the block ``context`` at gas price 0, and revert."""
        state = self._simulation(context)
        snapshot = state.snapshot()
        try:
            return self._run(state, call, gas)
        finally:
            state.revert(snapshot)
            state.lock_changes()  # what the call has touched is cold again

    def _simulation(self, context: Header) -> StateAPI:
        if self._simulated is None or self._simulated[0] is not context:
            header = QbftHeader.of(context).copy(base_fee_per_gas=0)
            self._simulated = (context, self._build(header))
        return self._simulated[1]

    def _build(self, header: BlockHeaderAPI) -> StateAPI:
        hashes = self._machine.get_prev_hashes(header.parent_hash, self._headers) or ()
        return self._machine.build_state(self._database, header, self._context, hashes)

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
        is_refused = self._machine.settings().refuses_initcode(call.to, call.data)
        if is_refused or gas < unsigned.intrinsic_gas:
            return Outcome(is_success=False, is_revert=False, gas_used=gas, output=b"")
        spoofed = SpoofTransaction(unsigned, from_=Address(call.sender))
        transaction = cast(SignedTransactionAPI, spoofed)
        computation = state.apply_transaction(transaction)
        return outcome_of(computation, self._machine.finalize_gas_used(transaction, computation))


@dataclass(frozen=True, slots=True)
class RootedState:
    """The state with a root, which py-evm's database keeps for ever."""

    root: bytes
    _states: States

    def nonce(self, account: bytes) -> int:
        """The next nonce."""
        return self._states.at(self.root).get_nonce(Address(account))

    def balance(self, account: bytes) -> int:
        """In wei."""
        return self._states.at(self.root).get_balance(Address(account))

    def code(self, account: bytes) -> bytes:
        """The deployed code."""
        return self._states.at(self.root).get_code(Address(account))

    def storage(self, account: bytes, slot: int) -> int:
        """One word."""
        return self._states.at(self.root).get_storage(Address(account), slot)


def outcome_of(computation: ComputationAPI, gas_used: int) -> Outcome:
    """What a finished computation did."""
    if computation.is_error:
        is_revert = isinstance(computation.error, Revert)
        output = bytes(computation.output) if is_revert else b""
        return Outcome(is_success=False, is_revert=is_revert, gas_used=gas_used, output=output)
    logs = tuple(
        RawLog(address, tuple(topic.to_bytes(32, "big") for topic in topics), data)
        for address, topics, data in computation.get_log_entries()
    )
    output = bytes(computation.output)
    return Outcome(is_success=True, is_revert=False, gas_used=gas_used, output=output, logs=logs)


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
