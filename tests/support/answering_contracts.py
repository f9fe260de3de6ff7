"""Contracts that give every call one answer, whatever it is."""

from __future__ import annotations

from contracts.artifacts import Artifact

ONE = (1).to_bytes(32, "big")


def answering(answer: bytes, *, reverting: bool = False) -> Artifact:
    """A contract that gives every call this answer, of any length: hence the opcodes."""
    size = len(answer).to_bytes(2, "big")
    copy = b"\x61" + size + b"\x60\x0e\x60\x00\x39"  # CODECOPY(0, 14, size)
    end = b"\x61" + size + b"\x60\x00" + (b"\xfd" if reverting else b"\xf3")  # REVERT | RETURN
    runtime = copy + end + answer
    assert len(copy + end) == 14
    load = b"\x61" + len(runtime).to_bytes(2, "big") + b"\x60\x0e\x60\x00\x39"
    create = load + b"\x61" + len(runtime).to_bytes(2, "big") + b"\x60\x00\xf3"
    return Artifact("answering", [], create + runtime, runtime, {}, "")
