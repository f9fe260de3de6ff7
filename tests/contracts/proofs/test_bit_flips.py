"""One valid proof and one valid sealed header; then every bit of them flipped, every cut made."""

from __future__ import annotations

from dataclasses import replace

from chains.headers import SealedHeader
from tests.support.flips import every_flip, every_truncation
from tests.support.proof_contracts import Client, Verifier
from tests.support.receipts import Claim, Proven, block_of, claim_in_block, log
from tests.support.sealed_headers import header, sealed

CLAIM = claim_in_block(block_of(100), 50)
PACKET = sealed(header(round_number=1))


def refused(verifier: Verifier, claims: list[Claim]) -> int:
    """How many of the claims are refused."""
    return sum(verifier.refusal(claim) is not None for claim in claims)


def refused_by_fresh(client: Client, packets: list[SealedHeader]) -> int:
    """How many of the headers are refused, each by a client that has seen none of the others."""
    count = 0
    for packet in packets:
        with client.contract.evm.undone():
            count += client.refusal(packet) is not None
    return count


def test_the_undamaged_proof_is_accepted(verifier: Verifier) -> None:
    assert verifier.verify(CLAIM) == Proven.of(log(data=(50).to_bytes(32, "big")))


def test_every_flipped_bit_of_a_proof_is_refused(verifier: Verifier) -> None:
    claims = [replace(CLAIM, proof=proof) for proof in every_flip(CLAIM.proof)]
    assert len(claims) == 8 * len(CLAIM.proof)
    assert refused(verifier, claims) == len(claims)


def test_every_flipped_bit_of_a_root_is_refused(verifier: Verifier) -> None:
    claims = [replace(CLAIM, root=root) for root in every_flip(CLAIM.root)]
    assert refused(verifier, claims) == len(claims) == 256


def test_every_truncated_proof_is_refused(verifier: Verifier) -> None:
    claims = [replace(CLAIM, proof=proof) for proof in every_truncation(CLAIM.proof)]
    assert refused(verifier, claims) == len(claims) == len(CLAIM.proof)


def test_the_undamaged_header_is_accepted(client: Client) -> None:
    client.update(PACKET)
    assert client.proves(header())


def test_every_flipped_bit_of_a_header_is_refused(client: Client) -> None:
    packets = [replace(PACKET, header=encoded) for encoded in every_flip(PACKET.header)]
    assert len(packets) == 8 * len(PACKET.header)
    assert refused_by_fresh(client, packets) == len(packets)


def test_every_flipped_bit_of_the_seals_is_refused(client: Client) -> None:
    packets = [replace(PACKET, seals=seals) for seals in every_flip(PACKET.seals)]
    assert refused_by_fresh(client, packets) == len(packets) == 8 * 3 * 65


def test_every_flipped_bit_of_the_bitmap_is_refused(client: Client) -> None:
    packets = [replace(PACKET, bitmap=PACKET.bitmap ^ 1 << bit) for bit in range(256)]
    assert refused_by_fresh(client, packets) == len(packets)


def test_every_truncated_header_is_refused(client: Client) -> None:
    packets = [replace(PACKET, header=encoded) for encoded in every_truncation(PACKET.header)]
    assert refused_by_fresh(client, packets) == len(packets) == len(PACKET.header)


def test_all_truncated_seals_are_refused(client: Client) -> None:
    packets = [replace(PACKET, seals=seals) for seals in every_truncation(PACKET.seals)]
    assert refused_by_fresh(client, packets) == len(packets) == 3 * 65
