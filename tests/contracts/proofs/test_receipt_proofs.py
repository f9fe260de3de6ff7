"""A trie proof shows that a receipt has an index in a block; every forged one is refused."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from chains.keys import keccak
from tests.support.bare_evm import Reverted
from tests.support.forged_tries import (
    RECEIPT,
    SIBLING,
    Nodes,
    branch,
    leaf,
    three_deep,
    two_deep,
)
from tests.support.proof_contracts import Verifier
from tests.support.receipts import (
    Claim,
    Proven,
    block_of,
    claim_about,
    claim_in_block,
    log,
)

BLOCK = block_of(130)
EDGES = (0, 1, 127, 128, 129)


@pytest.mark.parametrize("index", EDGES)
def test_a_receipt_is_proven_at_its_index(verifier: Verifier, index: int) -> None:
    expected = Proven.of(log(data=index.to_bytes(32, "big")))
    assert verifier.verify(claim_in_block(BLOCK, index)) == expected


@pytest.mark.parametrize(("true_index", "claimed"), tuple(permutations(EDGES, 2)))
def test_a_proof_is_refused_at_another_index(
    verifier: Verifier, true_index: int, claimed: int
) -> None:
    claim = replace(claim_in_block(BLOCK, true_index), tx_index=claimed)
    assert verifier.refusal(claim) is not None


@pytest.mark.parametrize("size", [1, 2, 16, 17, 127, 128, 129, 256, 257])
def test_the_last_receipt_of_a_block_of_any_size_is_proven(verifier: Verifier, size: int) -> None:
    expected = Proven.of(log(data=(size - 1).to_bytes(32, "big")))
    assert verifier.verify(claim_in_block(block_of(size), size - 1)) == expected


def test_an_index_beyond_the_block_is_refused(verifier: Verifier) -> None:
    claim = replace(claim_in_block(block_of(3), 2), tx_index=3)
    assert verifier.refusal(claim) == "trie: no such key"


def test_an_index_beyond_three_key_bytes_is_refused(verifier: Verifier) -> None:
    claim = replace(claim_about(RECEIPT), tx_index=1 << 16)
    assert verifier.refusal(claim) == "trie: index too large"


def test_an_absent_key_is_refused(verifier: Verifier) -> None:
    below = leaf((0,), RECEIPT)
    nodes = Nodes.of(branch({0: SIBLING, 9: keccak(below)}), below)
    assert verifier.refusal(nodes.claim()) == "trie: no such key"


def test_a_trailing_byte_is_refused(verifier: Verifier) -> None:
    claim = two_deep().claim()
    longer = replace(claim, proof=claim.proof + b"\x00")
    assert verifier.refusal(longer) == "trie: bytes after the leaf"


def test_an_unused_node_is_refused(verifier: Verifier) -> None:
    claim = two_deep().claim()
    longer = replace(claim, proof=claim.proof + leaf((0,), RECEIPT))
    assert verifier.refusal(longer) == "trie: bytes after the leaf"


def test_an_empty_proof_is_refused(verifier: Verifier) -> None:
    assert verifier.refusal(Claim(keccak(b""), 0, 0, b"")) == "rlp: item past the end"


def test_the_empty_trie_proves_nothing(verifier: Verifier) -> None:
    assert verifier.refusal(Claim(keccak(b"\x80"), 0, 0, b"\x80")) == "trie: node is not a list"


@pytest.mark.parametrize("dropped", range(3))
def test_a_proof_without_one_of_its_nodes_is_refused(verifier: Verifier, dropped: int) -> None:
    whole = three_deep()
    rest = tuple(node for place, node in enumerate(whole.nodes) if place != dropped)
    claim = replace(whole.claim(), proof=b"".join(rest))
    assert verifier.refusal(claim) in {"trie: node has another hash", "rlp: item past the end"}


def test_the_root_of_another_block_is_refused(verifier: Verifier) -> None:
    claim = replace(two_deep().claim(), root=claim_about(RECEIPT).root)
    assert verifier.refusal(claim) == "trie: node has another hash"


def test_a_zero_root_is_refused(verifier: Verifier) -> None:
    claim = replace(two_deep().claim(), root=bytes(32))
    assert verifier.refusal(claim) == "trie: zero root"


def test_a_proof_over_4096_bytes_is_refused(verifier: Verifier) -> None:
    claim = two_deep().claim()
    with pytest.raises(Reverted):
        verifier.verify(replace(claim, proof=claim.proof.ljust(4097, b"\x00")))


@pytest.mark.parametrize("filling", [b"\xc1", b"\xf8", b"\xbf", b"\xff", b"\x00"])
def test_a_bomb_costs_little(verifier: Verifier, filling: bytes) -> None:
    bomb = filling * 4096
    with pytest.raises(Reverted) as refused:
        verifier.verify(Claim(keccak(bomb), 0, 0, bomb))
    assert refused.value.gas_used < 130_000
