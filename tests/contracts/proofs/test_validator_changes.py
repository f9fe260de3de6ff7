"""The trusted set changes only when a quorum of itself has sealed the header that lists another.

A validator set is written as its members' names: FOUR is 1, 2, 3, 4.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from eth_abi.abi import encode

from chains.consensus import ValidatorSet
from chains.headers import ExtraData, SealedHeader, seal_free
from chains.keys import address_of, keccak
from contracts.artifacts import Optimize
from tests.support.proof_contracts import Client
from tests.support.sealed_headers import FOUR, header, sealed, sealed_bytes, validator_set

NEXT = validator_set(2, 3, 4, 5)
ATTACKER = validator_set(66, 67, 68, 69)


def keys_of(*names: int) -> tuple[bytes, ...]:
    """Private keys by name."""
    return validator_set(*names).keys


def lists(members: ValidatorSet, height: int, *signers: int) -> SealedHeader:
    """A header at ``height`` that lists ``members``, sealed by those named."""
    return sealed(header(members, height=height), keys_of(*signers))


def hash_of(members: ValidatorSet) -> bytes:
    """A set as the client stores it."""
    return keccak(encode(["address[]"], [["0x" + a.hex() for a in members.addresses]]))


@pytest.fixture
def rotated(client: Client) -> Client:
    """A client that knows block 5 by FOUR and follows NEXT since block 10."""
    client.update(lists(FOUR, 5, 1, 2, 3))
    client.update(lists(NEXT, 10, 2, 3, 4), FOUR.addresses)
    return client


def test_a_change_sealed_by_a_quorum_of_both_sets_is_followed(client: Client) -> None:
    outcome = client.update(lists(NEXT, 10, 2, 3, 4), FOUR.addresses)
    changed, accepted = outcome.events
    assert (changed.name, changed.fields) == (
        "ValidatorsChanged",
        {"height": 10, "validators_hash": hash_of(NEXT)},
    )
    assert accepted.name == "HeaderAccepted"
    assert client.contract.call("validators_hash") == hash_of(NEXT)
    assert client.trusted_since == 10


def test_the_new_set_is_believed_afterwards(rotated: Client) -> None:
    rotated.update(lists(NEXT, 11, 3, 4, 5))
    assert rotated.proves(header(NEXT, height=11))


def test_what_was_believed_before_a_change_stays_proven(rotated: Client) -> None:
    assert rotated.proves(header(height=5))


@pytest.mark.parametrize(
    ("members", "signers"),
    [
        ((1, 2, 3), (1, 2, 3)),
        ((1, 2, 3, 4, 5), (1, 2, 3, 4)),
        ((1, 2, 3, 4, 5, 6), (1, 2, 3, 5)),
    ],
    ids=["smaller", "one more", "two more"],
)
def test_a_set_may_grow_and_shrink(
    client: Client, members: Sequence[int], signers: Sequence[int]
) -> None:
    client.update(lists(validator_set(*members), 10, *signers), FOUR.addresses)
    assert client.trusted_since == 10


def test_a_quorum_of_the_new_set_alone_is_too_few(client: Client) -> None:
    """Only 3 and 4 of the trusted set have sealed: more than a third, but no quorum."""
    packet = lists(validator_set(3, 4, 5, 6), 10, 3, 4, 5, 6)
    assert client.refusal(packet, FOUR.addresses) == "client: too few trusted seals"


def test_a_quorum_of_the_trusted_set_alone_is_too_few(client: Client) -> None:
    packet = lists(validator_set(1, 2, 3, 5, 6, 7), 10, 1, 2, 3)
    assert client.refusal(packet, FOUR.addresses) == "client: too few seals"


def test_a_trusted_validator_that_did_not_seal_does_not_count(client: Client) -> None:
    """The new set lists three of the trusted set, but one of them did not seal."""
    packet = lists(NEXT, 10, 2, 3, 5)
    assert client.refusal(packet, FOUR.addresses) == "client: too few trusted seals"


def test_one_byzantine_validator_cannot_bring_in_a_set_of_its_own(client: Client) -> None:
    packet = lists(validator_set(1, 66, 67, 68), 10, 1, 66, 67, 68)
    assert client.refusal(packet, FOUR.addresses) == "client: too few trusted seals"


def test_a_set_of_an_attacker_is_refused(client: Client) -> None:
    packet = lists(ATTACKER, 10, 66, 67, 68, 69)
    assert client.refusal(packet, FOUR.addresses) == "client: too few trusted seals"


def test_retired_keys_cannot_mislead_a_stale_client(client: Client) -> None:
    """1 and 2 have retired since; their keys leak while the client still trusts them."""
    packet = lists(validator_set(1, 2, 66, 67), 10, 1, 2, 66, 67)
    assert client.refusal(packet, FOUR.addresses) == "client: too few trusted seals"


@pytest.mark.parametrize(
    "claimed",
    [(), ATTACKER.addresses, FOUR.addresses[:3], FOUR.addresses[::-1], FOUR.addresses * 2],
    ids=["none", "the attacker's", "short", "reversed", "twice"],
)
def test_a_lying_old_set_is_refused(client: Client, claimed: Sequence[bytes]) -> None:
    assert client.refusal(lists(NEXT, 10, 2, 3, 4), claimed) == "client: not the trusted set"


def test_the_old_set_is_not_needed_once_the_new_one_is_trusted(rotated: Client) -> None:
    """Two couriers may bring the same change: the second is no failure."""
    again = rotated.update(lists(NEXT, 10, 2, 3, 4), FOUR.addresses)
    assert again.events == ()


def test_an_older_set_is_refused(rotated: Client) -> None:
    packet = lists(FOUR, 11, 1, 2, 3)
    assert rotated.refusal(packet) == "client: not the trusted set"
    assert rotated.refusal(packet, NEXT.addresses) == "client: too few trusted seals"


@pytest.mark.parametrize("members", [FOUR, NEXT], ids=["older set", "trusted set"])
def test_heights_below_the_trusted_set_are_refused(rotated: Client, members: ValidatorSet) -> None:
    packet = lists(members, 9, 2, 3, 4)
    assert rotated.refusal(packet, NEXT.addresses) == "client: below the trusted set"


def test_a_change_at_the_height_of_the_anchor_is_refused(build: Optimize) -> None:
    client = Client.deploy(build, FOUR.addresses, height=10)
    packet = lists(NEXT, 10, 2, 3, 4)
    assert client.refusal(packet, FOUR.addresses) == "client: set not newer"


def test_another_set_at_the_height_of_a_change_freezes(rotated: Client) -> None:
    rotated.update(lists(FOUR, 10, 2, 3, 4), NEXT.addresses)
    assert rotated.is_frozen


@pytest.mark.parametrize(
    "keys",
    [
        (*FOUR.keys[:3], FOUR.keys[2]),
        (FOUR.keys[0], *FOUR.keys[:3]),
        FOUR.keys[::-1],
        FOUR.keys[:1] * 4,
    ],
    ids=["last twice", "first twice", "descending", "four equal"],
)
def test_a_set_that_is_not_ascending_cannot_be_followed(
    client: Client, keys: Sequence[bytes]
) -> None:
    listed = tuple(map(address_of, keys))
    head = header(height=10).with_extra(ExtraData(listed))
    packet = sealed_bytes(seal_free(head), dict(enumerate(keys)))
    assert client.refusal(packet, FOUR.addresses) == "set: not ascending"


def test_an_empty_list_cannot_be_followed(client: Client) -> None:
    head = header(height=10).with_extra(ExtraData(()))
    assert client.refusal(sealed(head, []), FOUR.addresses) == "set: no validators"
