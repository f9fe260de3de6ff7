"""Contracts on a bare EVM: no blocks, no signatures, hundreds of calls a second.

The sweeps over every bit of a proof run here (pyrevm); a fixed sample of them is replayed on a
real engine. State lives in pyrevm's journal, which is never finalised: slots stay warm from call
to call, so gas is exact only after ``cold_copy``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from eth_abi.abi import decode, encode
from eth_utils.crypto import keccak
from pyrevm import EVM, AccountInfo, BlockEnv, CfgEnv, Env, Log

from contracts.artifacts import Artifact
from tests.support.abi_entries import (
    constructor_inputs,
    event_fields,
    single,
    topic_of,
    types_of,
)

T = TypeVar("T")

ANYONE = "0x" + "a1" * 20
GAS_LIMIT = 30_000_000
CODE_LIMIT = 0xC000  # twice what chains allow: unoptimised builds are larger
ERROR_STRING = keccak(b"Error(string)")[:4]
_FAILURE = re.compile(r"(Revert|Halt) \{ (?:reason: (.+?), )?gas_used: (\d+)(?:, output: 0x(\w*))?")


class Reverted(Exception):
    """A call ended in a revert or a halt; ``reason`` is the contract's, or the halt's."""

    def __init__(self, reason: str, data: bytes, gas_used: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.data = data
        self.gas_used = gas_used


@dataclass(frozen=True, slots=True)
class Event:
    """A decoded log."""

    address: str
    name: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RawLog:
    """A log as it stands in a receipt."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a transaction did. ``gas_used`` counts the whole transaction, calldata included."""

    output: Any
    gas_used: int
    events: tuple[Event, ...]
    logs: tuple[RawLog, ...]


@dataclass(slots=True)
class BareEvm:
    """Shanghai rules, whatever block the test says it is."""

    chain_id: int = 1
    evm: EVM = field(init=False)
    contracts: dict[str, Contract] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings = CfgEnv(chain_id=self.chain_id, limit_contract_code_size=CODE_LIMIT)
        # "SHANGHAI", which the stub shows, would silently mean the latest rules.
        self.evm = EVM(env=Env(cfg=settings), spec_id="Shanghai")

    def deploy(self, artifact: Artifact, *arguments: Any, sender: str = ANYONE) -> Contract:
        """A new contract. Raises Reverted."""
        code = artifact.bytecode + encode(types_of(constructor_inputs(artifact.abi)), arguments)
        address = self._attempt(lambda: self.evm.deploy(deployer=sender, code=code, gas=GAS_LIMIT))
        contract = Contract(self, address, artifact)
        self.contracts[address.lower()] = contract
        return contract

    def send(self, to: str, data: bytes, sender: str = ANYONE, gas: int = GAS_LIMIT) -> bytes:
        """A transaction. Raises Reverted."""
        return self._attempt(
            lambda: self.evm.message_call(caller=sender, to=to, calldata=data, gas=gas)
        )

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back whatever happens inside."""
        checkpoint = self.evm.snapshot()
        try:
            yield
        finally:
            self.evm.revert(checkpoint)

    def set_block(self, timestamp_s: int, height: int = 1) -> None:
        """What TIMESTAMP and NUMBER answer from now on."""
        self.evm.set_block_env(BlockEnv(number=height, timestamp=timestamp_s))

    def _attempt(self, action: Callable[[], T]) -> T:
        try:
            return action()
        except RuntimeError as error:
            raise _reverted(str(error)) from None


@dataclass(frozen=True, slots=True)
class Contract:
    """A deployed contract and its ABI."""

    evm: BareEvm
    address: str
    artifact: Artifact

    def transact(
        self, function: str, *arguments: Any, sender: str = ANYONE, gas: int = GAS_LIMIT
    ) -> Outcome:
        """Call and keep what it did. Raises Reverted."""
        entry = self._entry(function)
        output = self.evm.send(self.address, self.calldata(function, *arguments), sender, gas)
        result = self.evm.evm.result
        assert result is not None
        logs = tuple(map(_raw, result.logs))
        return Outcome(
            output=single(decode(types_of(entry["outputs"]), output)),
            gas_used=result.gas_used,
            events=tuple(map(self._event, logs)),
            logs=logs,
        )

    def call(self, function: str, *arguments: Any, sender: str = ANYONE) -> Any:
        """Call and take everything back. Raises Reverted."""
        with self.evm.undone():
            return self.transact(function, *arguments, sender=sender).output

    def calldata(self, function: str, *arguments: Any) -> bytes:
        """The selector and the encoded arguments."""
        types = types_of(self._entry(function)["inputs"])
        selector = keccak(f"{function}({','.join(types)})".encode())[:4]
        return selector + encode(types, arguments)

    def cold_copy(self, slots: Sequence[int]) -> Contract:
        """This contract alone in a new EVM, no slot warm; ``slots`` are those it has written."""
        other = BareEvm(self.evm.chain_id)
        code = self.evm.evm.get_code(self.address)
        assert code is not None
        other.evm.insert_account_info(self.address, AccountInfo(code=bytes(code)))
        for slot in slots:
            # Only a slot of an account that is not loaded goes into the database, and stays cold.
            with other.undone():
                value = self.evm.evm.storage(self.address, slot)
                other.evm.insert_account_storage(self.address, slot, value)
        return Contract(other, self.address, self.artifact)

    def _entry(self, function: str) -> dict[str, Any]:
        (entry,) = [
            item
            for item in self.artifact.abi
            if item["type"] == "function" and item["name"] == function
        ]
        return entry

    def _event(self, log: RawLog) -> Event:
        emitter = self.evm.contracts.get(log.address.lower(), self)
        for item in emitter.artifact.abi:
            if item["type"] == "event" and log.topics and topic_of(item) == log.topics[0]:
                return Event(log.address, item["name"], event_fields(item, log.topics, log.data))
        return Event(log.address, "?", {})


def _raw(log: Log) -> RawLog:
    return RawLog(log.address, tuple(bytes.fromhex(topic[2:]) for topic in log.topics), log.data[1])


def _reverted(message: str) -> Reverted:
    """pyrevm gives the result of a failed call only in the text of its exception."""
    found = _FAILURE.search(message)
    if found is None:
        return Reverted(message, b"", 0)
    kind, halt, gas_used, output = found.groups()
    data = bytes.fromhex(output or "")
    reason = halt or kind
    if data.startswith(ERROR_STRING):
        (reason,) = decode(["string"], data[4:])
    return Reverted(str(reason), data, int(gas_used))
