"""Small EVM programs as data: statements that can be drawn, printed and shrunk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from eth.vm import opcode_values

MEMORY = 0x20  # where inputs and outputs lie; word 0 stays free


@dataclass(frozen=True)
class Store:
    """Write a constant."""

    slot: int
    value: int


@dataclass(frozen=True)
class Sense:
    """Store what an opcode answers; ``operand`` is pushed first where it takes one."""

    opcode: str
    slot: int
    operand: int | None = None


@dataclass(frozen=True)
class Log:
    """Log some memory."""

    topics: int
    size: int


@dataclass(frozen=True)
class Call:
    """Call an address, store whether it succeeded, log what it returned."""

    kind: str  # CALL, CALLCODE, DELEGATECALL or STATICCALL
    target: bytes
    slot: int
    data: bytes = b""
    value: int = 0
    gas: int | None = None  # all there is


@dataclass(frozen=True)
class Create:
    """Create a contract and store its address; with a salt by CREATE2."""

    initcode: Program
    slot: int
    value: int = 0
    salt: int | None = None


@dataclass(frozen=True)
class Copy:
    """Copy another account's code and log it."""

    target: bytes
    size: int


@dataclass(frozen=True)
class Give:
    """End: return or revert with bytes."""

    data: bytes
    reverts: bool = False


@dataclass(frozen=True)
class Install:
    """End of an initcode: leave another program as the contract's code."""

    runtime: Program


@dataclass(frozen=True)
class Crash:
    """End in a failure that takes all gas."""

    how: str


@dataclass(frozen=True)
class Destroy:
    """SELFDESTRUCT in favour of an account."""

    heir: bytes


Statement: TypeAlias = (
    "Store | Sense | Log | Call | Create | Copy | Give | Install | Crash | Destroy"
)


@dataclass(frozen=True)
class Program:
    """Statements, run one after the other, then STOP."""

    statements: tuple[Statement, ...] = ()

    def code(self) -> bytes:
        """The bytecode."""
        assembler = Assembler()
        for statement in self.statements:
            assembler.emit(statement)
        return assembler.finish()


CRASHES = {
    "INVALID": "fe",
    "UNDERFLOW": "50",
    "BAD_JUMP": "5f56",
    "LOOP": "5b58600190" + "0356",  # JUMPDEST PC 1 SWAP1 SUB JUMP: back to the JUMPDEST
    "HUGE_MEMORY": "63ffffffff51",
    "RETURN_TOO_MUCH": "60ff5f5f3e",  # beyond the return data
}


@dataclass
class Assembler:
    """Bytes so far, and the constants that will follow them."""

    code: bytearray = field(default_factory=bytearray)
    blobs: list[tuple[int, bytes]] = field(default_factory=list)  # where to patch, what

    def op(self, *names: str) -> None:
        self.code.extend(getattr(opcode_values, name) for name in names)

    def push(self, *numbers: int) -> None:
        for number in numbers:
            width = (number.bit_length() + 7) // 8
            self.code.append(0x5F + width)
            self.code += number.to_bytes(width, "big")

    def load(self, data: bytes) -> None:
        """Copy a constant to memory."""
        self.push(len(data))
        self.code += b"\x61\x00\x00"
        self.blobs.append((len(self.code) - 2, data))
        self.push(MEMORY)
        self.op("CODECOPY")

    def log_returned(self) -> None:
        self.op("RETURNDATASIZE")
        self.push(0, MEMORY)
        self.op("RETURNDATACOPY", "RETURNDATASIZE")
        self.push(MEMORY)
        self.op("LOG0")

    def emit(self, statement: Statement) -> None:
        match statement:
            case Store(slot, value):
                self.push(value, slot)
                self.op("SSTORE")
            case Sense(opcode, slot, operand):
                self.push(*(() if operand is None else (operand,)))
                self.op(opcode)
                self.push(slot)
                self.op("SSTORE")
            case Log(topics, size):
                self.push(*range(topics, 0, -1), size, MEMORY)
                self.op(f"LOG{topics}")
            case Call():
                self._call(statement)
            case Create():
                self._create(statement)
            case Copy(target, size):
                self.push(size, 0, MEMORY, int.from_bytes(target, "big"))
                self.op("EXTCODECOPY")
                self.emit(Log(0, size))
            case Give(data, reverts):
                self.load(data)
                self.push(len(data), MEMORY)
                self.op("REVERT" if reverts else "RETURN")
            case Install(runtime):
                self.emit(Give(runtime.code()))
            case Crash(how):
                self.code += bytes.fromhex(CRASHES[how])
            case Destroy(heir):
                self.push(int.from_bytes(heir, "big"))
                self.op("SELFDESTRUCT")
            case _:
                assert_never(statement)

    def finish(self) -> bytes:
        """The code, with its constants."""
        self.op("STOP")
        for place, data in self.blobs:
            self.code[place : place + 2] = len(self.code).to_bytes(2, "big")
            self.code += data
        return bytes(self.code)

    def _call(self, call: Call) -> None:
        self.load(call.data)
        self.push(0, 0, len(call.data), MEMORY)
        if call.kind in ("CALL", "CALLCODE"):
            self.push(call.value)
        self.push(int.from_bytes(call.target, "big"))
        if call.gas is None:
            self.op("GAS")
        else:
            self.push(call.gas)
        self.op(call.kind)
        self.push(1)
        self.op("ADD")
        self.push(call.slot)
        self.op("SSTORE")
        self.log_returned()

    def _create(self, create: Create) -> None:
        initcode = create.initcode.code()
        self.load(initcode)
        if create.salt is not None:
            self.push(create.salt)
        self.push(len(initcode), MEMORY, create.value)
        self.op("CREATE" if create.salt is None else "CREATE2")
        self.push(create.slot)
        self.op("SSTORE")
        self.log_returned()


def deployment(runtime: Sequence[Statement], first: Sequence[Statement] = ()) -> bytes:
    """Initcode that runs ``first`` and leaves ``runtime``."""
    return Program((*first, Install(Program(tuple(runtime))))).code()
