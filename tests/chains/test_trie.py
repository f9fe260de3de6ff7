"""Ordered tries against py-trie and against a real receipt."""

from __future__ import annotations

import pytest
import rlp
from hypothesis import given
from hypothesis import strategies as st
from trie.hexary import HexaryTrie

from chains.headers import EMPTY_TRIE_ROOT
from chains.rlp import as_bytes, as_list, decode
from chains.trie import OrderedTrie, ordered_root
from tests.chains.vectors import harmonia, unhex
from tests.conformance.proofs import receipt_of_proof

SIZES = (1, 2, 3, 15, 16, 17, 127, 128, 129, 130, 255, 256, 257, 300)


def reference_root(values: list[bytes]) -> bytes:
    trie = HexaryTrie({})
    for index, value in enumerate(values):
        trie[rlp.encode(index)] = value
    return bytes(trie.root_hash)


@pytest.mark.parametrize("size", SIZES)
def test_the_root_is_py_tries(size: int) -> None:
    values = [index.to_bytes(40, "big") for index in range(size)]
    assert ordered_root(values) == reference_root(values)


@given(st.lists(st.binary(min_size=1, max_size=60), min_size=1, max_size=140))
def test_the_root_is_py_tries_for_values_of_any_size(values: list[bytes]) -> None:
    assert ordered_root(values) == reference_root(values)


@given(st.lists(st.binary(min_size=1, max_size=60), min_size=1, max_size=140), st.data())
def test_a_proof_shows_its_value_and_no_other(values: list[bytes], data: st.DataObject) -> None:
    trie = OrderedTrie(values)
    index = data.draw(st.integers(0, len(values) - 1))
    proof = trie.proof(index)
    assert receipt_of_proof(trie.root, index, proof) == values[index]


def test_a_proof_holds_hashed_nodes_only_root_first() -> None:
    small = OrderedTrie([b"\x01"] * 20)  # leaves of three bytes stand inside their branch
    for index in range(20):
        proof = small.proof(index)
        assert receipt_of_proof(small.root, index, proof) == b"\x01"
        assert all(len(node) >= 32 for node in proof)
    alone = OrderedTrie([b"\x01"])
    assert len(alone.proof(0)) == 1
    assert len(alone.proof(0)[0]) < 32  # the root always comes


def test_an_empty_trie_has_the_empty_root_and_no_proofs() -> None:
    assert OrderedTrie([]).root == EMPTY_TRIE_ROOT
    with pytest.raises(IndexError):
        OrderedTrie([]).proof(0)


@pytest.mark.parametrize("index", [-1, 3])
def test_an_absent_value_has_no_proof(index: int) -> None:
    with pytest.raises(IndexError):
        OrderedTrie([b"a", b"b", b"c"]).proof(index)


@pytest.mark.parametrize("block", harmonia()["besu_blocks"]["blocks"])
def test_harmonias_receipts_have_the_recorded_root_and_witness(block: dict[str, str]) -> None:
    receipt = unhex(block["rlpEncodedReceipt"])
    trie = OrderedTrie([receipt])
    assert trie.root == unhex(block["receiptsRoot"])
    (witness,) = as_list(decode(unhex(block["witness"])))
    assert as_bytes(as_list(witness)[1]) == receipt
    assert trie.proof(0) == (rlp.encode(witness),)
