"""The auditor's own decoding agrees with the chain's, and takes nothing that is malformed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import rlp
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from bridge.audit import words
from bridge.audit.items import Unreadable
from bridge.audit.raw import RawLog, is_written, read_header, read_receipt
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
LOGS = st.lists(
    st.builds(RawLog, ADDRESSES, st.lists(HASHES, max_size=4).map(tuple), st.binary(max_size=80)),
    max_size=4,
)


def encoded_receipt(is_success: bool, logs: list[RawLog], before: bytes = b"\x02") -> bytes:
    fields = [b"\x01" if is_success else b"", 21_000, bytes(256), logs]
    return before + bytes(rlp.encode(fields))


@pytest.mark.parametrize("before", [b"", b"\x02"], ids=["legacy", "typed"])
@given(is_success=st.booleans(), logs=LOGS)
def test_logs_are_written_as_they_are_read(
    before: bytes, is_success: bool, logs: list[RawLog]
) -> None:
    encoded = encoded_receipt(is_success, logs, before)
    assert read_receipt(encoded) == (is_success, tuple(logs))
    assert is_written(encoded, is_success, logs)
    assert not is_written(encoded, not is_success, logs)


@given(LOGS, LOGS)
def test_other_logs_are_written_otherwise(logs: list[RawLog], others: list[RawLog]) -> None:
    assert is_written(encoded_receipt(True, logs), True, others) == (logs == others)


@given(LOGS.filter(bool), st.data())
def test_what_damaged_bytes_are_said_to_say_is_what_they_say(
    logs: list[RawLog], data: st.DataObject
) -> None:
    encoded = bytearray(encoded_receipt(True, logs))
    encoded[data.draw(st.integers(0, len(encoded) - 1))] ^= data.draw(st.integers(1, 255))
    if is_written(bytes(encoded), True, logs):  # other gas, another bloom
        assert read_receipt(bytes(encoded)) == (True, tuple(logs))


def test_topics_of_other_sizes_are_not_taken_for_those_that_read_like_them() -> None:
    first, second = b"\x01" * 31 + b"\xa0", b"\xa0" + b"\x02" * 31
    encoded = encoded_receipt(True, [RawLog(bytes(20), (first, second), b"")])
    cut = RawLog(bytes(20), (first[:31], b"\xa0" + second), b"")
    assert not is_written(encoded, True, [cut])


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
