"""Gas, code size, and the deepest trie that a block can have."""

from __future__ import annotations

from chains.trie import OrderedTrie
from contracts.artifacts import Optimize, load
from tests.support.proof_contracts import Verifier
from tests.support.proof_gas import measure
from tests.support.receipts import Claim, Proven, announced, receipt

UPDATE_MAX = 105_000
VERIFY_MAX = 80_000
CODE_MAX = 24_576
PROOF_MAX = 4096

BLOCK_GAS_LIMIT = 30_000_000
CHEAPEST_TRANSACTION = 21_000
DEEPEST = BLOCK_GAS_LIMIT // CHEAPEST_TRANSACTION


def longest_proof(ids: int) -> Claim:
    """The claim with the longest proof about an announcement in the fullest block there can be."""
    encoded = receipt([announced(ids)], tx_type=2, gas_used=BLOCK_GAS_LIMIT.to_bytes(4, "big"))
    trie = OrderedTrie([encoded] * DEEPEST)
    proofs = [b"".join(trie.proof(index)) for index in range(DEEPEST)]
    index = max(range(DEEPEST), key=lambda place: len(proofs[place]))
    return Claim(trie.root, index, 0, proofs[index])


def test_one_id_fits_the_proof_limit_at_the_deepest_trie(verifier: Verifier) -> None:
    claim = longest_proof(ids=1)
    assert claim.tx_index > 255  # three key bytes: no trie of a block is deeper
    assert len(claim.proof) <= PROOF_MAX
    assert verifier.verify(claim) == Proven.of(announced(1))


def test_twenty_ids_fit_the_proof_limit_at_the_deepest_trie(verifier: Verifier) -> None:
    claim = longest_proof(ids=20)
    assert len(claim.proof) <= PROOF_MAX
    assert verifier.verify(claim) == Proven.of(announced(20))


def test_the_optimised_build_stays_within_its_gas_gates() -> None:
    gas = measure("gas")
    assert gas.update_quorum_of_4 <= UPDATE_MAX
    assert gas.update_all_of_4 <= UPDATE_MAX
    assert gas.verify_alone < gas.verify_in_100 <= VERIFY_MAX


def test_both_builds_fit_on_a_chain(build: Optimize) -> None:
    for name in ("light_client", "receipt_verifier"):
        assert len(load(name, build).runtime) <= CODE_MAX
