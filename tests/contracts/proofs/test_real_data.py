"""Blocks that real Besu networks have sealed pass our checks, and only as what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from chains import rlp
from chains.headers import (
    Header,
    block_hash,
    for_light_client,
    seal_free,
    seal_hash,
    signers,
)
from chains.keys import BadSignature, keccak, recover
from contracts.artifacts import Optimize
from tests.support.proof_contracts import Client, Verifier
from tests.support.receipts import Proven
from tests.support.sealed_headers import sealed_bytes
from tests.support.vectors import (
    HarmoniaHeader,
    HarmoniaReceipt,
    besu_header,
    harmonia_headers,
    harmonia_receipts,
)

BESU = Header.decode(besu_header().with_seals)
PACKET = for_light_client(besu_header().with_seals)
CONTRACT_VALIDATOR = bytes.fromhex("ca31306798b41bc81c43094a1e0462890ce7a673")
LISTED, UNLISTED = (1,), (0, 2)


def trusts(build: Optimize, validators: Sequence[bytes], height: int) -> Client:
    """A client anchored at a real block's set."""
    return Client.deploy(build, validators, height)


def test_the_besu_header_is_split_as_besu_signed_it() -> None:
    assert PACKET.header == besu_header().without_seals
    assert (PACKET.bitmap.bit_count(), len(PACKET.seals)) == (3, 3 * 65)


def test_the_besu_header_passes_the_light_client(build: Optimize) -> None:
    client = trusts(build, BESU.extra.validators, BESU.height)
    (event,) = client.update(PACKET).events
    assert event.fields["block_hash"] == block_hash(BESU)
    assert client.proves(BESU)


def test_three_validators_sealed_the_besu_header_and_none_its_block_hash() -> None:
    validators = set(BESU.extra.validators)
    assert len(validators.intersection(signers(BESU))) == 3
    assert seal_hash(BESU) != block_hash(BESU)
    assert not validators.intersection(_recovered(block_hash(BESU), BESU.extra.seals))


def test_the_besu_seals_are_refused_over_the_block_hash(build: Optimize) -> None:
    client = trusts(build, BESU.extra.validators, BESU.height)
    round_0 = replace(BESU.extra, round_number=0, seals=())
    moved = replace(PACKET, header=BESU.with_extra(round_0).encode())
    assert keccak(moved.header) == block_hash(BESU)
    assert client.refusal(moved) == "seal: not by that validator"


@pytest.mark.parametrize("vector", harmonia_headers(), ids=["302", "422", "432"])
def test_harmonia_headers_have_their_hash_and_their_validator_seals(
    vector: HarmoniaHeader,
) -> None:
    header = Header.decode(vector.preimage)
    assert seal_free(header) == header.encode() == vector.preimage
    assert block_hash(header) == seal_hash(header) == vector.block_hash
    assert header.receipts_root == vector.receipts_root
    assert _recovered(seal_hash(header), vector.seals) == {CONTRACT_VALIDATOR}


@pytest.mark.parametrize("place", LISTED)
def test_a_harmonia_header_that_lists_its_validator_passes(build: Optimize, place: int) -> None:
    vector = harmonia_headers()[place]
    header = Header.decode(vector.preimage)
    assert header.extra.validators == (CONTRACT_VALIDATOR,)
    client = trusts(build, [CONTRACT_VALIDATOR], 1)
    client.update(replace(PACKET, header=vector.preimage, bitmap=1, seals=vector.seals[0]))
    assert client.proves_roots(header.height, vector.block_hash, vector.receipts_root)


@pytest.mark.parametrize("place", UNLISTED)
@pytest.mark.parametrize("bitmap", [0, 1], ids=["without seals", "with the seal"])
def test_a_contract_validator_header_is_refused(build: Optimize, place: int, bitmap: int) -> None:
    vector = harmonia_headers()[place]
    assert Header.decode(vector.preimage).extra.validators == ()
    client = trusts(build, [CONTRACT_VALIDATOR], 1)
    seals = vector.seals[0] if bitmap else b""
    packet = replace(PACKET, header=vector.preimage, bitmap=bitmap, seals=seals)
    reason = "seal: bit beyond the set" if bitmap else "set: no validators"
    assert client.refusal(packet, [CONTRACT_VALIDATOR]) == reason


@pytest.mark.parametrize("receipt", harmonia_receipts(), ids=["302", "337", "351"])
def test_every_log_of_a_harmonia_receipt_is_proven(
    verifier: Verifier, receipt: HarmoniaReceipt
) -> None:
    logs = rlp.as_list(rlp.as_list(rlp.decode(receipt.encoded))[3])
    assert logs
    for index, fields in enumerate(logs):
        claim = replace(receipt.claim, log_index=index)
        assert verifier.verify(claim) == Proven.of(rlp.as_list(fields))
    beyond = replace(receipt.claim, log_index=len(logs))
    assert verifier.refusal(beyond) == "log: no such index"


def test_an_attacker_cannot_seal_the_besu_header(build: Optimize) -> None:
    client = trusts(build, BESU.extra.validators, BESU.height)
    forged = sealed_bytes(PACKET.header, {0: b"\x01" * 32, 1: b"\x02" * 32, 2: b"\x03" * 32})
    assert client.refusal(forged) == "seal: not by that validator"


def _recovered(digest: bytes, seals: Sequence[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for seal in seals:
        try:
            found.add(recover(digest, seal))
        except BadSignature:
            continue
    return found
