"""RLP against the reference library, and against what is not canonical."""

from __future__ import annotations

import pytest
import rlp as reference
from hypothesis import given
from hypothesis import strategies as st

from chains import rlp

ITEMS = st.recursive(
    st.binary(max_size=70), lambda inner: st.lists(inner, max_size=6).map(tuple), max_leaves=20
)


@given(ITEMS)
def test_items_encode_as_the_reference_does_and_decode_back(item: rlp.Item) -> None:
    encoded = rlp.encode(item)
    assert encoded == reference.encode(item)
    assert rlp.decode(encoded) == item


@given(st.integers(0, 2**256))
def test_scalars_have_no_leading_zeros(value: int) -> None:
    assert rlp.encode_int(value) == reference.encode(value)
    assert rlp.as_int(rlp.decode(rlp.encode_int(value))) == value


@given(st.binary(max_size=40))
def test_what_decodes_encodes_to_the_same_bytes(encoded: bytes) -> None:
    try:
        item = rlp.decode(encoded)
    except rlp.RlpError:
        return
    assert rlp.encode(item) == encoded


@pytest.mark.parametrize("length", [0, 1, 55, 56, 255, 256, 65_536])
def test_strings_and_lists_of_every_length_form(length: int) -> None:
    for item in (b"\x7f" * length, (b"\x01",) * length):
        assert rlp.encode(item) == reference.encode(item)
        assert rlp.decode(rlp.encode(item)) == item


@pytest.mark.parametrize(
    "encoded",
    [
        b"",  # nothing
        b"\x80\x80",  # trailing bytes
        b"\x81\x01",  # a small byte needs no prefix
        b"\x83ab",  # too short
        b"\xb8\x37" + b"a" * 55,  # the short form fits
        b"\xb9\x00\x38" + b"a" * 56,  # the length has a leading zero
        b"\xb8",  # no length
        b"\xc2\x01",  # a list too short
        b"\xc1\x82",  # a member reaches past its list
        b"\xf8\x01\x01",  # the short form of a list fits
        b"\xbf" + b"\xff" * 8,  # a length beyond everything
    ],
)
def test_what_is_not_canonical_is_refused(encoded: bytes) -> None:
    with pytest.raises(rlp.RlpError):
        rlp.decode(encoded)


@pytest.mark.parametrize(("depth", "is_read"), [(64, True), (65, False), (3_000, False)])
def test_lists_are_read_to_a_depth_and_no_deeper(depth: int, is_read: bool) -> None:
    encoded = rlp.EMPTY_LIST
    for _ in range(depth - 1):
        encoded = rlp.join((encoded,))
    if is_read:
        assert rlp.encode(rlp.decode(encoded)) == encoded
    else:
        with pytest.raises(rlp.RlpError, match="deep"):
            rlp.decode(encoded)


def test_an_item_of_the_other_kind_is_refused() -> None:
    with pytest.raises(rlp.RlpError):
        rlp.as_bytes(())
    with pytest.raises(rlp.RlpError):
        rlp.as_list(b"")
    with pytest.raises(rlp.RlpError):
        rlp.as_int(b"\x00")
