"""Reasons in revert data."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode

from chains.reverts import ERROR_SELECTOR, PANIC_SELECTOR, describe, reason_of


@pytest.mark.parametrize("reason", ["", "agent: not held", "x" * 100, "结算"])
def test_a_reason_is_read(reason: str) -> None:
    output = ERROR_SELECTOR + encode(["string"], [reason])
    assert reason_of(output) == reason
    assert describe(output, is_revert=True) == f"execution reverted: {reason}"


def test_a_panic_is_named_by_its_number() -> None:
    output = PANIC_SELECTOR + (0x11).to_bytes(32, "big")
    assert reason_of(output) == "panic 0x11"


@pytest.mark.parametrize(
    "output",
    [
        b"",
        b"\x08\xc3\x79",
        ERROR_SELECTOR,
        ERROR_SELECTOR + b"\xff" * 64,
        ERROR_SELECTOR + encode(["string"], ["longer than what is left"])[:70],
        b"\x12\x34\x56\x78" + b"\x00" * 64,
    ],
)
def test_what_carries_no_reason_has_none(output: bytes) -> None:
    assert reason_of(output) is None
    assert describe(output, is_revert=True) == "execution reverted"


def test_a_failure_without_revert_has_no_reason_to_read() -> None:
    output = ERROR_SELECTOR + encode(["string"], ["old memory"])
    assert describe(output, is_revert=False) == "execution failed"
