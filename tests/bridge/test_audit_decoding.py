"""The auditor's own decoding agrees with the chain's, and takes nothing that is malformed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from bridge.audit import words
from bridge.audit.items import Unreadable
from bridge.audit.raw import read_header, read_receipt
from bridge.audit.refusals import contradicted
from chains.config import ChainConfig
from chains.consensus import seal
from chains.engine import Height
from chains.headers import ExtraData, Header, block_hash
from chains.keys import address_of
from chains.selection import EngineName, choose

KEYS = tuple(bytes([i]) * 32 for i in range(1, 5))
PARENT, STATE = b"\x02" * 32, b"\x03" * 32


def header(round_number: int = 0, height: int = 7) -> Header:
    extra = ExtraData(tuple(sorted(address_of(key) for key in KEYS)), round_number)
    return Header(PARENT, bytes(20), STATE, height, 30_000_000, 1_700_000_000, extra.encode())


@pytest.mark.parametrize("round_number", [0, 1, 300])
def test_a_blocks_identity_leaves_out_round_and_seals(round_number: int) -> None:
    sealed = seal(header(round_number), KEYS)
    read = read_header(sealed.encode())
    assert read.identity == block_hash(header())
    assert (read.height, read.parent) == (7, PARENT)


def test_another_state_is_another_identity() -> None:
    other = Header.decode(header().encode().replace(STATE, b"\x04" * 32))
    assert read_header(other.encode()).identity != block_hash(header())


def test_the_genesis_is_identified_as_it_is() -> None:
    engine = choose(EngineName.AUTO).make(ChainConfig(chain_id=1, validators=KEYS))
    read = read_header(engine.block(Height(0)).unsealed_rlp)
    assert (read.identity, read.is_unsealed) == (engine.genesis_hash, True)


def test_a_header_with_a_round_or_seals_is_told_from_one_without() -> None:
    assert read_header(header().encode()).is_unsealed
    assert not read_header(header(1).encode()).is_unsealed
    assert not read_header(seal(header(), KEYS).encode()).is_unsealed


@given(st.binary(max_size=200))
def test_noise_is_refused_by_a_typed_error_or_read(noise: bytes) -> None:
    for read in (read_header, read_receipt, words.terms, words.statuses):
        try:
            read(noise)
        except Unreadable:
            continue


def test_deep_nesting_is_refused() -> None:
    nested = b""
    for _ in range(3_000):
        size = len(nested)
        head = bytes([0xC0 + size]) if size < 56 else b"\xf9" + size.to_bytes(2, "big")
        nested = head + nested
    with pytest.raises(Unreadable):
        read_receipt(nested)


ADDRESSES, NUMBERS = st.binary(min_size=20, max_size=20), st.integers(0, 2**256 - 1)
HASHES = st.binary(min_size=32, max_size=32)
LEGS = st.builds(words.Leg, NUMBERS, *[ADDRESSES] * 4, NUMBERS)
TERMS = st.builds(
    words.Terms,
    st.lists(LEGS, max_size=words.LEGS_MAX).map(tuple),
    NUMBERS,
    ADDRESSES,
    NUMBERS,
    NUMBERS,
    HASHES,
)


def encoded_terms(terms: words.Terms) -> bytes:
    return encode([words.TRADE_TYPE], [terms])


@given(TERMS)
def test_terms_are_read_as_they_were_encoded(terms: words.Terms) -> None:
    assert words.terms(encoded_terms(terms)) == terms


@given(TERMS, st.data())
def test_damaged_terms_are_refused_or_read_as_what_they_are(
    terms: words.Terms, data: st.DataObject
) -> None:
    encoded = bytearray(encoded_terms(terms))
    encoded[data.draw(st.integers(0, len(encoded) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        read = words.terms(bytes(encoded))
    except Unreadable:
        return
    assert read != terms
    assert encoded_terms(read) == encoded


@pytest.mark.parametrize(
    "change",
    [lambda data: data[:-32], lambda data: data + bytes(32)],
    ids=["cut", "longer"],
)
def test_terms_that_are_cut_or_longer_are_refused(change: Callable[[bytes], bytes]) -> None:
    account = b"\x01" * 20
    leg = words.Leg(1, account, account, account, account, 5)
    encoded = encoded_terms(words.Terms((leg,), 1, b"\x02" * 20, 3, 4, b"\x05" * 32))
    with pytest.raises(Unreadable):
        words.terms(change(encoded))


@given(NUMBERS, st.lists(st.tuples(HASHES, st.integers(0, 255)), max_size=words.IDS_MAX))
def test_an_announcement_is_read_as_it_was_encoded(
    chain_id: int, pairs: list[tuple[bytes, int]]
) -> None:
    said = [chain_id, [trade_id for trade_id, _ in pairs], [status for _, status in pairs]]
    encoded = encode(["uint256", "bytes32[]", "uint8[]"], said)
    assert words.statuses(encoded) == (chain_id, tuple(pairs))


def test_an_address_with_something_before_it_is_refused() -> None:
    assert words.address(b"\x00" * 12 + b"\x01" * 20) == b"\x01" * 20
    with pytest.raises(Unreadable):
        words.address(b"\x00" * 11 + b"\x01" * 21)


def test_only_a_contradiction_is_one() -> None:
    assert contradicted(_error(b"legs: contradicts the decision"), b"") == b""
    assert contradicted(_error(b"legs: nothing was held"), b"") is None
    assert contradicted(b"", b"") is None
    assert contradicted(_error(b"legs: contradicts the decision")[:40], b"") is None


def _error(text: bytes) -> bytes:
    padded = text.ljust(-(-len(text) // 32) * 32, b"\x00")
    return (
        bytes.fromhex("08c379a0")
        + (32).to_bytes(32, "big")
        + len(text).to_bytes(32, "big")
        + padded
    )
