"""Logs are read as eth_abi writes them and as the compiled contracts declare them."""

from __future__ import annotations

from typing import cast

import pytest
from eth_abi.abi import encode
from eth_typing import ABIEvent
from eth_utils.abi import event_abi_to_log_topic
from hypothesis import given, settings

from bridge import contract_logs as logs
from bridge.abi import topic
from bridge.contract_calls import TRADE
from bridge.errors import InternalError
from bridge.model import Address, ChainId, Status, Trade, TradeId
from chains.engine import Height, Log
from contracts import artifacts
from tests.bridge.test_contract_calls import trades

ID = TradeId(b"\x17" * 32)
ALICE, BOB = Address(b"\xa1" * 20), Address(b"\xb0" * 20)


def log(signature: str, *indexed: bytes, data: bytes = b"") -> Log:
    topics = (topic(signature), *indexed)
    return Log(b"\xee" * 20, topics, data, Height(7), b"\x07" * 32, b"\x01" * 32, 0, 0, 0)


@given(trades)
@settings(max_examples=25)
def test_the_terms_of_a_trade_are_read_back_whole(trade: Trade) -> None:
    data = encode([TRADE], [trade.as_tuple()])
    opened = log(f"Opened(bytes32,{TRADE})", ID, data=data)
    held = log(f"Held(bytes32,{TRADE})", ID, data=data)
    assert logs.decode(opened) == logs.Opened(ID, trade)
    assert logs.decode(held) == logs.Held(ID, trade)


def test_an_announcement_is_read_with_all_its_trades() -> None:
    ids = [ID, b"\x18" * 32]
    data = encode(["uint256", "bytes32[]", "uint8[]"], [9, ids, [4, 8]])
    read = logs.decode(log("Announced(uint256,bytes32[],uint8[])", data=data))
    assert read == logs.Announced(ChainId(9), (ID, TradeId(ids[1])), (Status.HELD, Status.REFUSED))


def test_a_token_movement_is_read_with_both_accounts() -> None:
    data = encode(["uint256"], [12])
    topics = (bytes(12) + ALICE, bytes(12) + BOB)
    read = logs.decode(log("HoldExecuted(address,address,uint256)", *topics, data=data))
    assert read == logs.HoldExecuted(ALICE, BOB, 12)


def test_a_skipped_member_is_read_with_its_reason() -> None:
    data = b"hub: not open".ljust(32, b"\0")
    assert logs.decode(log("Skipped(bytes32,bytes32)", ID, data=data)) == logs.Skipped(
        ID, "hub: not open"
    )


def test_a_client_log_is_read_with_its_height() -> None:
    height = (300).to_bytes(32, "big")
    data = b"\x05" * 32 + b"\x06" * 32
    accepted = log("HeaderAccepted(uint256,bytes32,bytes32)", height, data=data)
    assert logs.decode(accepted) == logs.HeaderAccepted(300, b"\x05" * 32)
    assert logs.decode(log("Frozen(uint256,bytes32,bytes32)", height, data=data)) == logs.Frozen(
        300
    )


def test_a_log_that_nobody_reads_is_none() -> None:
    assert logs.decode(log("Approval(address,address,uint256)")) is None
    assert logs.decode(Log(ALICE, (), b"", Height(1), b"", b"", 0, 0, 0)) is None


@given(trades)
@settings(max_examples=10)
def test_data_that_ends_too_early_is_refused(trade: Trade) -> None:
    data = encode([TRADE], [trade.as_tuple()])
    with pytest.raises(InternalError):
        logs.decode(log(f"Opened(bytes32,{TRADE})", ID, data=data[:-1]))
    with pytest.raises(InternalError):
        logs.decode(log("Executed(bytes32,uint256)", ID, data=data[:31]))


@pytest.mark.parametrize("count", [3, 2**32, 2**256 - 1])
def test_an_announcement_of_more_trades_than_it_has_is_refused(count: int) -> None:
    data = encode(["uint256", "bytes32[]", "uint8[]"], [9, [ID, ID], [4, 8]])
    length_at = data.index((2).to_bytes(32, "big"))
    longer = data[:length_at] + count.to_bytes(32, "big") + data[length_at + 32 :]
    with pytest.raises(InternalError):
        logs.decode(log("Announced(uint256,bytes32[],uint8[])", data=longer[: 32 * 7]))


def test_an_announcement_of_a_status_that_is_none_is_refused() -> None:
    data = encode(["uint256", "bytes32[]", "uint8[]"], [9, [ID], [len(Status)]])
    with pytest.raises(InternalError, match="status"):
        logs.decode(log("Announced(uint256,bytes32[],uint8[])", data=data))


def test_every_log_that_is_read_is_declared_by_a_contract() -> None:
    declared = {
        event_abi_to_log_topic(cast(ABIEvent, entry))
        for name in ("settlement", "light_client", "cash_token", "security_token")
        for entry in artifacts.load(name).abi
        if entry["type"] == "event"
    }
    assert declared >= logs.TOPICS
