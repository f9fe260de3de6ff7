"""The auditor's reading of RLP and its trie, beside pyrlp and py-trie."""

from __future__ import annotations

import pytest
import rlp
from hypothesis import given
from hypothesis import strategies as st
from rlp.exceptions import DecodingError
from trie.hexary import HexaryTrie

from bridge.audit.items import Item, Unreadable, as_number, read, write, write_number
from bridge.audit.ordered_root import EMPTY_ROOT, ordered_root

BYTES = st.binary(max_size=70) | st.binary(min_size=250, max_size=300)
ITEMS = st.recursive(BYTES, lambda items: st.lists(items, max_size=6).map(tuple), max_leaves=12)
VALUES = st.binary(min_size=1, max_size=80)


def with_lists_as_tuples(item: object) -> Item:
    if isinstance(item, bytes):
        return item
    assert isinstance(item, list | tuple)
    return tuple(map(with_lists_as_tuples, item))


@given(ITEMS)
def test_an_item_is_written_and_read_as_pyrlp_does(item: Item) -> None:
    encoded = rlp.encode(item)
    assert write(item) == encoded
    assert read(encoded) == item


@given(st.binary(max_size=80))
def test_noise_is_read_or_refused_as_by_pyrlp(noise: bytes) -> None:
    agree(noise)


@given(ITEMS, st.data())
def test_a_damaged_item_is_read_or_refused_as_by_pyrlp(item: Item, data: st.DataObject) -> None:
    encoded = bytearray(rlp.encode(item))
    at = data.draw(st.integers(0, len(encoded) - 1))
    encoded[at] = data.draw(st.integers(0, 255))
    agree(bytes(encoded))
    agree(bytes(encoded[:at]))


def agree(encoded: bytes) -> None:
    """Both read the same or both refuse."""
    try:
        theirs = with_lists_as_tuples(rlp.decode(encoded))
    except DecodingError:
        with pytest.raises(Unreadable):
            read(encoded)
        return
    assert read(encoded) == theirs


@pytest.mark.parametrize(
    "encoded",
    ["", "8100", "b800", "b80101", "b90001" + "00", "c1", "c281", "c100ff", "f800", "f90001", "bf"],
)
def test_what_could_be_written_otherwise_is_refused(encoded: str) -> None:
    with pytest.raises(Unreadable):
        read(bytes.fromhex(encoded))


def test_lists_nested_without_end_are_refused() -> None:
    nested = b"\xc0"
    for _ in range(1_000):
        size = len(nested)
        head = bytes([0xC0 + size]) if size < 56 else b"\xf9" + size.to_bytes(2, "big")
        nested = head + nested
    with pytest.raises(Unreadable, match="deep"):
        read(nested)


@given(st.integers(0, 2**256))
def test_a_number_is_written_as_pyrlp_does_and_read_back(number: int) -> None:
    encoded = write_number(number)
    assert encoded == rlp.encode(number)
    assert as_number(read(encoded), "it") == number


def test_a_number_with_a_leading_zero_is_refused() -> None:
    with pytest.raises(Unreadable, match="leading zero"):
        as_number(b"\x00\x01", "it")


@given(st.lists(VALUES, max_size=40))
def test_a_root_is_that_of_py_trie(values: list[bytes]) -> None:
    assert ordered_root(values) == root_by_py_trie(values)


@pytest.mark.parametrize("count", [1, 2, 16, 17, 127, 128, 129, 130, 143, 144, 255, 256, 257, 300])
def test_a_root_is_that_of_py_trie_where_keys_grow_longer(count: int) -> None:
    for size in (1, 40):
        values = [(bytes([index & 127]) * size) for index in range(1, count + 1)]
        assert ordered_root(values) == root_by_py_trie(values)


def test_the_root_of_nothing_is_that_of_an_empty_trie() -> None:
    assert ordered_root([]) == EMPTY_ROOT == root_by_py_trie([])


def root_by_py_trie(values: list[bytes]) -> bytes:
    trie = HexaryTrie({}, prune=True)
    for index, value in enumerate(values):
        trie[rlp.encode(index)] = value
    return bytes(trie.root_hash)
