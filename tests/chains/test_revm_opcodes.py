"""Our contracts use no opcode that the binding gets wrong or that only one engine can trust."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

import contracts
from contracts.artifacts import Artifact, load

NAMES = sorted(path.stem for path in Path(contracts.__path__[0]).glob("*.vy"))
REFUSED = {
    0x3A: "GASPRICE",  # 0 for a sender who could not pay twice
    0x40: "BLOCKHASH",  # of blocks that the binding's database does not know
    0x48: "BASEFEE",  # always 0
    0xFF: "SELFDESTRUCT",  # no part of Ethereum's future
}
PUSH0, PUSH1, PUSH32 = 0x5F, 0x60, 0x7F


def instructions(code: bytes) -> set[int]:
    """The opcodes from start to end, less what PUSH carries."""
    found, place = set(), 0
    while place < len(code):
        opcode = code[place]
        found.add(opcode)
        place += 1 + (opcode - PUSH0 if PUSH1 <= opcode <= PUSH32 else 0)
    return found


def executable(artifact: Artifact) -> tuple[bytes, bytes]:
    """The deployment code and the runtime code, without the data and metadata after them."""
    whole = artifact.bytecode
    size = int.from_bytes(whole[-2:], "big")
    start = whole.index(artifact.runtime)
    return whole[:start], artifact.runtime[: -data_bytes(whole[-size:-2]) or None]


def data_bytes(metadata: bytes) -> int:
    """How much of the runtime code is data, by Vyper's CBOR: [hash, runtime size, [sizes], ...]."""
    assert metadata[:3] == b"\x85\x58\x20"
    _, place = cbor_number(metadata, 3 + 32)
    total, count = 0, metadata[place] - 0x80
    place += 1
    for _ in range(count):
        size, place = cbor_number(metadata, place)
        total += size
    return total


def cbor_number(metadata: bytes, place: int) -> tuple[int, int]:
    """A number, and where the next item begins."""
    width = {24: 1, 25: 2}.get(metadata[place], 0)
    end = place + 1 + width
    return int.from_bytes(metadata[place + bool(width) : end], "big"), end


def refused_in(code: bytes) -> list[str]:
    return [REFUSED[opcode] for opcode in sorted(instructions(code)) if opcode in REFUSED]


@pytest.mark.parametrize("optimize", ["gas", "none"])
@pytest.mark.parametrize("name", NAMES)
def test_a_contract_uses_no_opcode_that_engines_disagree_on(
    name: str, optimize: Literal["gas", "none"]
) -> None:
    deployment, runtime = executable(load(name, optimize))
    assert len(instructions(runtime)) > 30
    assert refused_in(deployment) == refused_in(runtime) == []


@pytest.mark.parametrize("opcode", REFUSED)
def test_such_an_opcode_is_found(opcode: int) -> None:
    assert refused_in(bytes((PUSH1, 1, opcode))) == [REFUSED[opcode]]


@pytest.mark.parametrize("opcode", REFUSED)
def test_a_constant_that_looks_like_such_an_opcode_is_not(opcode: int) -> None:
    assert refused_in(bytes((PUSH1, opcode, 0x00))) == []
    assert refused_in(bytes((PUSH32, *[opcode] * 32, 0x00))) == []
