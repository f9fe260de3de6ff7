"""Every kind of trie node is followed when well formed, and refused in any other form."""

from __future__ import annotations

import pytest

from chains import rlp
from chains.keys import keccak
from tests.support.forged_tries import (
    KEY,
    RECEIPT,
    SIBLING,
    Nodes,
    branch,
    extension,
    leaf,
    path,
    three_deep,
    two_deep,
)
from tests.support.proof_contracts import Verifier
from tests.support.receipts import Proven, log


@pytest.mark.parametrize(
    "nodes",
    [
        Nodes.of(leaf(KEY, RECEIPT)),
        two_deep(),
        three_deep(),
    ],
    ids=["leaf", "branch and leaf", "extension, branch and leaf"],
)
def test_every_kind_of_node_is_followed(verifier: Verifier, nodes: Nodes) -> None:
    assert verifier.verify(nodes.claim()) == Proven.of(log())


def test_an_extension_that_carries_the_value_is_refused(verifier: Verifier) -> None:
    nodes = Nodes.of(extension(KEY, RECEIPT))
    assert verifier.refusal(nodes.claim()) == "trie: child is not a hash"


def test_an_extension_without_a_path_is_refused(verifier: Verifier) -> None:
    below = leaf(KEY, RECEIPT)
    nodes = Nodes.of(extension((), keccak(below)), below)
    assert verifier.refusal(nodes.claim()) == "trie: extension without a path"


def test_an_extension_longer_than_the_key_is_refused(verifier: Verifier) -> None:
    below = leaf((), RECEIPT)
    nodes = Nodes.of(extension((*KEY, 0), keccak(below)), below)
    assert verifier.refusal(nodes.claim()) == "trie: another key"


@pytest.mark.parametrize("kind", range(4, 16, 2))
def test_a_path_flag_above_three_is_refused(verifier: Verifier, kind: int) -> None:
    nodes = Nodes.of(rlp.encode([path(KEY, kind), RECEIPT]))
    assert verifier.refusal(nodes.claim()) == "trie: path badly encoded"


@pytest.mark.parametrize("pad", range(1, 16))
def test_a_pad_nibble_is_refused(verifier: Verifier, pad: int) -> None:
    nodes = Nodes.of(rlp.encode([path(KEY, 2, pad=pad), RECEIPT]))
    assert verifier.refusal(nodes.claim()) == "trie: path badly encoded"


@pytest.mark.parametrize("encoded", [b"", [b"\x20\x80"], bytes(40)], ids=["none", "list", "long"])
def test_a_path_that_is_none_is_refused(verifier: Verifier, encoded: rlp.Item) -> None:
    nodes = Nodes.of(rlp.encode([encoded, RECEIPT]))
    assert verifier.refusal(nodes.claim()) == "trie: path badly encoded"


@pytest.mark.parametrize("nibbles", [(), (8,), (*KEY, 0), (*KEY, 0, 0)], ids=len)
def test_a_leaf_too_short_or_too_long_is_refused(
    verifier: Verifier, nibbles: tuple[int, ...]
) -> None:
    nodes = Nodes.of(leaf(nibbles, RECEIPT))
    assert verifier.refusal(nodes.claim()) == "trie: leaf of another length"


def test_a_leaf_of_another_key_is_refused(verifier: Verifier) -> None:
    assert verifier.refusal(Nodes.of(leaf((8, 1), RECEIPT)).claim()) == "trie: another key"


def test_a_leaf_whose_value_is_a_list_is_refused(verifier: Verifier) -> None:
    nodes = Nodes.of(leaf(KEY, [RECEIPT]))
    assert verifier.refusal(nodes.claim()) == "trie: value is not bytes"


def test_a_leaf_value_is_no_child_hash(verifier: Verifier) -> None:
    below = leaf((0,), RECEIPT)
    nodes = Nodes.of(leaf((8,), keccak(below)), below)
    assert verifier.refusal(nodes.claim()) == "trie: leaf of another length"


def test_a_branch_value_is_no_child_hash(verifier: Verifier) -> None:
    below = leaf((), RECEIPT)
    ending = branch({0: SIBLING, 1: SIBLING}, value=keccak(below))
    nodes = Nodes.of(extension(KEY, keccak(ending)), ending, below)
    assert verifier.refusal(nodes.claim()) == "trie: branch with a value"


def test_a_branch_value_is_no_receipt(verifier: Verifier) -> None:
    ending = branch({0: SIBLING, 1: SIBLING}, value=RECEIPT)
    nodes = Nodes.of(extension(KEY, keccak(ending)), ending)
    assert verifier.refusal(nodes.claim()) == "trie: branch with a value"


def test_a_branch_with_children_and_a_value_is_refused(verifier: Verifier) -> None:
    below = leaf((0,), RECEIPT)
    nodes = Nodes.of(branch({0: SIBLING, 8: keccak(below)}, value=b"\x07"), below)
    assert verifier.refusal(nodes.claim()) == "trie: branch with a value"


def test_a_hashed_node_under_32_bytes_is_refused(verifier: Verifier) -> None:
    assert verifier.refusal(two_deep(b"short").claim()) == "trie: hashed node too short"


@pytest.mark.parametrize("value", [b"short", RECEIPT], ids=["under 32 bytes", "32 bytes or more"])
def test_an_inlined_node_is_refused(verifier: Verifier, value: bytes) -> None:
    inlined: rlp.Item = [path((0,), 2), value]
    nodes = Nodes.of(branch({0: SIBLING, 8: inlined}))
    assert verifier.refusal(nodes.claim()) == "trie: child is not a hash"


def test_a_node_inlined_in_an_extension_is_refused(verifier: Verifier) -> None:
    nodes = Nodes.of(extension((8,), [path((0,), 2), RECEIPT]))
    assert verifier.refusal(nodes.claim()) == "trie: child is not a hash"


@pytest.mark.parametrize("slots", [15, 17], ids=["16 items", "18 items"])
def test_a_branch_of_another_size_is_refused(verifier: Verifier, slots: int) -> None:
    below = leaf((0,), RECEIPT)
    nodes = Nodes.of(branch({8: keccak(below), 9: SIBLING}, slots=slots), below)
    assert verifier.refusal(nodes.claim()) == "trie: branch is not 17 items"


def test_a_branch_of_three_items_is_refused(verifier: Verifier) -> None:
    below = leaf((0,), RECEIPT)
    nodes = Nodes.of(rlp.encode([keccak(below), keccak(below), keccak(below)]), below)
    assert verifier.refusal(nodes.claim()) == "trie: branch is not 17 items"


def test_a_node_of_one_item_is_refused(verifier: Verifier) -> None:
    assert verifier.refusal(Nodes.of(rlp.encode([RECEIPT])).claim()) == "rlp: item past the end"


@pytest.mark.parametrize(
    ("encoded", "reason"),
    [
        (b"\xf9\x00", "rlp: length not canonical"),
        (b"\xf8\x37", "rlp: length not canonical"),
        (b"\xfa\x00\x01\x70", "rlp: length too large"),
        (b"\xff" + b"\xff" * 8, "rlp: length too large"),
    ],
    ids=["leading zero", "short as long", "three bytes", "eight bytes"],
)
def test_a_length_not_in_its_shortest_form_is_refused(
    verifier: Verifier, encoded: bytes, reason: str
) -> None:
    forged = encoded + leaf(KEY, RECEIPT)[2:]
    assert verifier.refusal(Nodes.of(forged).claim()) == reason


def test_a_small_byte_behind_a_prefix_is_refused(verifier: Verifier) -> None:
    forged = rlp.join([b"\x81\x20", rlp.encode_bytes(RECEIPT)])
    assert verifier.refusal(Nodes.of(forged).claim()) == "rlp: byte with a needless prefix"
