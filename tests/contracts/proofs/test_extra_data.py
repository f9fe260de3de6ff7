"""extraData is read as QBFT writes it, and the identity leaves the round out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chains import rlp
from chains.headers import ExtraData, block_hash, seal_free
from chains.keys import keccak
from contracts.artifacts import Optimize
from tests.support.proof_contracts import Client
from tests.support.sealed_headers import (
    EXTRA,
    EXTRA_DATA,
    FOUR,
    header,
    sealed,
    validator_set,
    with_extra,
    with_field,
)

VALIDATORS, VOTE, ROUND, SEALS = 1, 2, 3, 4
ADD, DROP = (b"\xaa" * 20, b"\xff"), (b"\xaa" * 20, b"")


@pytest.mark.parametrize("vote", [(), ADD, DROP], ids=["none", "add", "drop"])
def test_any_vote_is_accepted(client: Client, vote: rlp.Item) -> None:
    head = header().with_extra(ExtraData(FOUR.addresses, vote=vote))
    client.update(sealed(head))
    assert client.proves(head)


@pytest.mark.parametrize("round_number", [0, 1, 127, 128, 255, 256, 300, 65_535, 2**32 - 1])
@pytest.mark.parametrize("size", [1, 4, 7, 32], ids="{} validators".format)
def test_the_identity_is_the_header_with_round_0(
    build: Optimize, round_number: int, size: int
) -> None:
    members = validator_set(*range(size))
    client = Client.deploy(build, members.addresses)
    head = header(members, round_number)
    (event,) = client.update(sealed(head, members.keys)).events
    expected = block_hash(header(members, round_number=0))
    assert event.fields["block_hash"] == expected
    assert (keccak(seal_free(head)) == expected) is (round_number == 0)


@pytest.mark.parametrize("round_number", [1, 2**16, 2**24])
def test_the_identity_survives_a_change_of_the_lengths_length(
    build: Optimize, round_number: int
) -> None:
    """With nine validators and a vote, extraData is over 255 bytes only in a round of 4 bytes."""
    nine = validator_set(*range(9))
    client = Client.deploy(build, nine.addresses)
    head = header(nine).with_extra(ExtraData(nine.addresses, round_number, vote=ADD))
    first = header(nine).with_extra(ExtraData(nine.addresses, vote=ADD))
    assert (len(head.extra_data) > 255) is (round_number == 2**24)
    client.update(sealed(head, nine.keys))
    assert client.proves(first)


@pytest.mark.parametrize("encoded", [b"\x00\x01", b"\x00", bytes(4)])
def test_a_round_with_a_leading_zero_is_refused(client: Client, encoded: bytes) -> None:
    packet = with_extra(ROUND, encoded)
    assert client.refusal(packet) == "rlp: number not canonical"


@pytest.mark.parametrize("encoded", [b"\x01" * 5, [b"\x01"]], ids=["5 bytes", "list"])
def test_a_round_that_is_none_is_refused(client: Client, encoded: rlp.Item) -> None:
    assert client.refusal(with_extra(ROUND, encoded)) == "header: bad round"


def test_seals_left_inside_are_refused(client: Client) -> None:
    packet = with_extra(SEALS, [bytes(65)] * 3)
    assert client.refusal(packet) == "header: seals not an empty list"


def test_seals_left_out_are_refused(client: Client) -> None:
    assert client.refusal(with_extra(SEALS)) == "header: seals not an empty list"


def test_seals_as_an_empty_string_are_refused(client: Client) -> None:
    packet = with_extra(SEALS, b"")
    assert client.refusal(packet) == "header: seals not an empty list"


def test_an_item_behind_the_seals_is_refused(client: Client) -> None:
    packet = with_extra(SEALS, [], b"")
    assert client.refusal(packet) == "header: seals not an empty list"


@pytest.mark.parametrize("vote", [b"", []], ids=["null vote", "empty vote"])
def test_an_ibft2_header_is_refused(client: Client, vote: rlp.Item) -> None:
    extra = [EXTRA[0], EXTRA[VALIDATORS], vote, bytes(4)]
    packet = with_field(EXTRA_DATA, rlp.encode(extra))
    assert client.refusal(packet) in {"header: bad vote", "rlp: number not canonical"}


@pytest.mark.parametrize(
    "extra",
    [b"\x80", list(EXTRA), rlp.encode(EXTRA) + b"\x00"],
    ids=["string", "list", "trailing byte"],
)
def test_extra_data_that_is_not_one_list_is_refused(client: Client, extra: rlp.Item) -> None:
    packet = with_field(EXTRA_DATA, extra)
    assert client.refusal(packet) == "header: extraData not one list"


def test_empty_extra_data_is_refused(client: Client) -> None:
    packet = with_field(EXTRA_DATA, b"")
    assert client.refusal(packet) == "rlp: item past the end"


@pytest.mark.parametrize("vanity", [bytes(31), bytes(33), [bytes(31)]], ids=["31", "33", "list"])
def test_a_bad_vanity_is_refused(client: Client, vanity: rlp.Item) -> None:
    assert client.refusal(with_extra(0, vanity)) == "header: bad vanity"


@pytest.mark.parametrize(
    "vote",
    [
        b"",
        [b""],
        [b"\xaa" * 20],
        [b"\xaa" * 19, b"\xff"],
        [b"\xaa" * 21, b"\xff"],
        [b"\xaa" * 21, b""],
        [b"\xaa" * 20, b"\xfe"],
        [b"\xaa" * 20, b"\x01"],
        [b"\xaa" * 20, b"\xff", b""],
    ],
    ids=lambda vote: rlp.encode(vote).hex(),
)
def test_a_bad_vote_is_refused(client: Client, vote: rlp.Item) -> None:
    assert client.refusal(with_extra(VOTE, vote)) == "header: bad vote"


@pytest.mark.parametrize(
    "validators",
    [b"", [b"\xaa" * 19], [b"\xaa" * 20, b"\xaa"], [[b"\xaa" * 19], b"\xaa" * 20]],
    ids=["string", "19 bytes", "1 byte", "list"],
)
def test_a_bad_validator_list_is_refused(client: Client, validators: rlp.Item) -> None:
    packet = replace(with_extra(VALIDATORS, validators), bitmap=0, seals=b"")
    assert client.refusal(packet) == "header: bad validator list"


def test_more_than_32_validators_are_refused(client: Client) -> None:
    crowd = [bytes((place,)) * 20 for place in range(1, 34)]
    assert client.refusal(with_extra(VALIDATORS, crowd)) is not None
