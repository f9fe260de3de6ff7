"""A header is believed with a quorum of distinct, canonical seals in the order of its list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chains.consensus import quorum
from chains.keys import ORDER
from contracts.artifacts import Optimize
from tests.support.bare_evm import Reverted
from tests.support.proof_contracts import Client
from tests.support.sealed_headers import FOUR, header, sealed, seals_of, validator_set

PACKET = sealed(header())
FIRST, SECOND, THIRD = seals_of(PACKET)


def flip_s(seal: bytes) -> bytes:
    """The other signature of the same signer over the same digest: n - s and the other v."""
    other = ORDER - int.from_bytes(seal[32:64], "big")
    return seal[:32] + other.to_bytes(32, "big") + bytes((1 - seal[64],))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 10, 31, 32])
def test_a_quorum_is_believed_and_one_seal_fewer_is_not(build: Optimize, size: int) -> None:
    members = validator_set(*range(size))
    client = Client.deploy(build, members.addresses)
    head = header(members)
    fewer = sealed(head, members.keys[: quorum(size) - 1])
    assert client.refusal(fewer) == "client: too few seals"
    client.update(sealed(head, members.keys[-quorum(size) :]))
    assert client.proves(head)


def test_two_of_four_are_too_few(client: Client) -> None:
    assert client.refusal(sealed(header(), FOUR.keys[:2])) == "client: too few seals"


def test_all_of_four_are_believed(client: Client) -> None:
    client.update(sealed(header(), FOUR.keys))
    assert client.proves(header())


def test_no_seal_at_all_is_too_few(client: Client) -> None:
    assert client.refusal(sealed(header(), [])) == "client: too few seals"


@pytest.mark.parametrize("bitmap", [0b0111, 0b1011], ids=["in the set", "for another"])
def test_a_seal_counts_once(client: Client, bitmap: int) -> None:
    repeated = replace(PACKET, bitmap=bitmap, seals=FIRST + SECOND + SECOND)
    assert client.refusal(repeated) == "seal: not by that validator"


def test_a_seal_does_not_count_again_when_malleated(client: Client) -> None:
    repeated = replace(PACKET, seals=FIRST + SECOND + flip_s(SECOND))
    assert client.refusal(repeated) == "seal: high s or odd v"


def test_a_high_s_is_refused(client: Client) -> None:
    malleated = replace(PACKET, seals=FIRST + SECOND + flip_s(THIRD))
    assert client.refusal(malleated) == "seal: high s or odd v"


@pytest.mark.parametrize("v", [2, 27, 28, 255])
def test_a_v_other_than_0_or_1_is_refused(client: Client, v: int) -> None:
    odd = replace(PACKET, seals=FIRST + SECOND + THIRD[:64] + bytes((v,)))
    assert client.refusal(odd) == "seal: high s or odd v"


def test_an_outsider_is_refused(client: Client) -> None:
    outsider = seals_of(sealed(header(), FOUR.keys[:2]))
    stranger = validator_set(9)
    with_outsider = replace(
        PACKET, seals=b"".join((*outsider, *seals_of(sealed(header(stranger), stranger.keys))))
    )
    assert client.refusal(with_outsider) == "seal: not by that validator"


def test_a_seal_over_another_header_is_refused(client: Client) -> None:
    other = seals_of(sealed(header(height=6)))
    mixed = replace(PACKET, seals=FIRST + SECOND + other[2])
    assert client.refusal(mixed) == "seal: not by that validator"


@pytest.mark.parametrize("bit", [4, 31, 32, 255])
def test_a_bit_beyond_the_set_is_refused(client: Client, bit: int) -> None:
    beyond = replace(PACKET, bitmap=PACKET.bitmap | 1 << bit)
    assert client.refusal(beyond) == "seal: bit beyond the set"


@pytest.mark.parametrize("extra", [b"\x00", THIRD], ids=["byte", "seal"])
def test_extra_bytes_are_refused(client: Client, extra: bytes) -> None:
    longer = replace(PACKET, seals=PACKET.seals + extra)
    assert client.refusal(longer) == "seal: not one seal a bit"


def test_a_bit_without_a_seal_is_refused(client: Client) -> None:
    assert client.refusal(replace(PACKET, bitmap=0b1111)) == "seal: not one seal a bit"


def test_a_seal_without_a_bit_is_refused(client: Client) -> None:
    assert client.refusal(replace(PACKET, bitmap=0b0011)) == "seal: not one seal a bit"


@pytest.mark.parametrize(
    "seal",
    [bytes(65), bytes(32) + THIRD[32:], THIRD[:32] + bytes(32) + THIRD[64:]],
    ids=["all", "r", "s"],
)
def test_a_zero_signature_is_refused(client: Client, seal: bytes) -> None:
    zero = replace(PACKET, seals=FIRST + SECOND + seal)
    assert client.refusal(zero) == "seal: not by that validator"


def test_seals_out_of_order_are_refused(client: Client) -> None:
    shuffled = replace(PACKET, seals=SECOND + FIRST + THIRD)
    assert client.refusal(shuffled) == "seal: not by that validator"


def test_seals_over_the_block_hash_are_refused_in_a_later_round(client: Client) -> None:
    first_round = sealed(header())
    later = sealed(header(round_number=1))
    assert client.refusal(replace(later, seals=first_round.seals)) == "seal: not by that validator"
    client.update(later)
    assert client.proves(header(round_number=1))


def test_a_set_with_the_zero_address_is_refused(build: Optimize) -> None:
    with pytest.raises(Reverted, match="set: not ascending"):
        Client.deploy(build, (bytes(20), *FOUR.addresses))
