"""Our hand-written encoding is what eth_abi writes and what the compiled contracts take."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode
from eth_utils.abi import collapse_if_tuple
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge import contract_calls as calls
from bridge.abi import Reader, revert_reason
from bridge.errors import InternalError
from bridge.model import (
    Address,
    ChainId,
    Leg,
    Outcome,
    Packet,
    SealedHeader,
    Signature,
    Source,
    Status,
    Trade,
    TradeId,
    UtiWord,
)
from contracts import artifacts

addresses = st.binary(min_size=20, max_size=20).map(Address)
words = st.integers(0, 2**256 - 1)
hashes = st.binary(min_size=32, max_size=32)
legs = st.builds(Leg, words.map(ChainId), addresses, addresses, addresses, addresses, words)
trades = st.builds(
    Trade,
    st.lists(legs, min_size=1, max_size=8).map(tuple),
    words.map(ChainId),
    addresses,
    words,
    words,
    hashes.map(UtiWord),
)
signatures = st.lists(st.builds(Signature, st.sampled_from([27, 28]), words, words), max_size=8)
packets = st.integers(1, 4).flatmap(
    lambda n: st.builds(
        Packet,
        st.just(SealedHeader(ChainId(1), 1, b"", 0, b"")),
        st.builds(Source, words.map(ChainId), words, hashes, hashes, words, words),
        st.lists(hashes.map(TradeId), min_size=n, max_size=n).map(tuple),
        st.lists(st.sampled_from(list(Status)), min_size=n, max_size=n).map(tuple),
        st.binary(max_size=200),
    )
)


def expected(signature: str, *arguments: object) -> bytes:
    types = signature[signature.index("(") + 1 : -1]
    return keccak(text=signature)[:4] + encode(_split(types), arguments)


def _split(types: str) -> list[str]:
    parts, depth = [""], 0
    for letter in types:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


@given(trades, signatures)
@settings(max_examples=30)
def test_open_hold_and_cancel_are_encoded_as_eth_abi_does(
    trade: Trade, signed: list[Signature]
) -> None:
    values = (trade.as_tuple(), [s.as_tuple() for s in signed])
    assert calls.open_trade(trade, signed) == expected(calls.OPEN, *values)
    assert calls.hold(trade, signed) == expected(calls.HOLD, *values)
    assert calls.cancel(trade, signed) == expected(calls.CANCEL, *values)
    resolved = (values[0], Outcome.ABORTED, values[1])
    assert calls.resolve(trade, Outcome.ABORTED, signed) == expected(calls.RESOLVE, *resolved)


@given(st.lists(st.tuples(trades, signatures), min_size=1, max_size=3))
@settings(max_examples=15)
def test_a_batch_carries_each_member_as_its_single_form_takes_it(
    members: list[tuple[Trade, list[Signature]]],
) -> None:
    opened, signed = zip(*members, strict=True)
    single = [
        encode(_split(calls.OPEN[5:-1]), (t.as_tuple(), [s.as_tuple() for s in ss]))
        for t, ss in members
    ]
    assert calls.open_batch(opened, signed) == expected(calls.OPEN_BATCH, single)
    assert calls.hold_batch(opened, signed) == expected(calls.HOLD_BATCH, single)


@given(packets, trades)
@settings(max_examples=30)
def test_a_proof_is_encoded_as_eth_abi_does(packet: Packet, trade: Trade) -> None:
    facts = (packet.source.as_tuple(), packet.ids, packet.statuses)
    assert calls.prove(packet, 0, trade) == expected(
        calls.PROVE, *facts, 0, trade.as_tuple(), packet.proof
    )
    member = encode([calls.TRADE], [trade.as_tuple()])[32:]
    assert calls.prove_batch(packet, [(0, trade)]) == expected(
        calls.PROVE_BATCH, *facts, 1, [member], packet.proof
    )


@given(trades, st.lists(hashes.map(TradeId), max_size=5))
@settings(max_examples=15)
def test_the_small_calls_are_encoded_as_eth_abi_does(trade: Trade, ids: list[TradeId]) -> None:
    for call, signature in (
        (calls.refuse, calls.REFUSE),
        (calls.object_to, calls.OBJECT),
        (calls.abort, calls.ABORT),
    ):
        assert call(trade) == expected(signature, trade.as_tuple())
    assert calls.deliver(trade, 3) == expected(calls.DELIVER, trade.as_tuple(), 3)
    assert calls.announce(ids) == expected(calls.ANNOUNCE, ids)


@given(st.binary(max_size=100), st.binary(max_size=130), st.lists(addresses, max_size=4))
@settings(max_examples=15)
def test_a_header_update_is_encoded_as_eth_abi_does(
    header: bytes, seals: bytes, trusted: list[Address]
) -> None:
    packet = SealedHeader(ChainId(1), 1, header, 0b1011, seals, tuple(trusted))
    assert calls.update(packet) == expected(calls.UPDATE, header, 0b1011, seals, trusted)


def signatures_of(name: str) -> set[str]:
    return {
        f"{entry['name']}({','.join(collapse_if_tuple(i) for i in entry['inputs'])})"
        for entry in artifacts.load(name).abi
        if entry["type"] == "function"
    }


def test_the_settlement_contract_has_every_call_that_we_make() -> None:
    assert set(calls.SETTLEMENT_CALLS) <= signatures_of("settlement")


@pytest.mark.parametrize("token", ["cash_token", "security_token"])
def test_every_token_has_the_calls_that_we_make(token: str) -> None:
    assert set(calls.TOKEN_CALLS) <= signatures_of(token)


def test_light_client_and_registry_have_the_calls_that_we_make() -> None:
    assert calls.UPDATE in signatures_of("light_client")
    assert calls.REGISTER in signatures_of("identity_registry")


def test_a_reason_is_read_from_revert_data() -> None:
    data = expected("Error(string)", "hub: not open")
    assert revert_reason(data) == "hub: not open"


def test_revert_data_without_a_reason_is_named_as_such() -> None:
    assert revert_reason(b"") == "out of gas or no reason"
    assert revert_reason(b"\x01\x02\x03\x04") == "0x01020304"


@pytest.mark.parametrize("body", [b"", bytes(31), b"\xff" * 64, (32).to_bytes(32, "big")])
def test_a_reason_that_a_stranger_cut_short_is_shown_as_it_is(body: bytes) -> None:
    output = bytes.fromhex("08c379a0") + body
    assert revert_reason(output) == f"0x{output.hex()}"


def test_data_that_is_too_short_is_our_own_mistake() -> None:
    with pytest.raises(InternalError, match="short"):
        Reader(b"\x00" * 31).integer(0)
