"""A header is read in the one form that its fork gives it; every other one is refused."""

from __future__ import annotations

from typing import Any

import pytest

from chains import rlp
from chains.headers import EMPTY_TRIE_ROOT, seal_free
from chains.keys import keccak
from tests.support.proof_contracts import Client
from tests.support.sealed_headers import (
    FIELDS,
    FOUR,
    header,
    sealed,
    sealed_bytes,
    sealed_fields,
    with_field,
)

NUMBER, MIX_HASH, BASE_FEE = 8, 13, 15


@pytest.mark.parametrize(
    "fields",
    [
        {"base_fee_per_gas": None, "withdrawals_root": None},
        {"base_fee_per_gas": 0, "withdrawals_root": None},
        {"base_fee_per_gas": 10**18, "withdrawals_root": EMPTY_TRIE_ROOT},
    ],
    ids=["15 fields", "16 fields", "17 fields"],
)
def test_headers_of_15_to_17_fields_are_accepted(client: Client, fields: dict[str, Any]) -> None:
    head = header(**fields)
    client.update(sealed(head))
    assert client.proves(head)


@pytest.mark.parametrize("count", [0, 1, 6, 7, 12, 13, 14])
def test_fewer_than_15_fields_are_refused(client: Client, count: int) -> None:
    assert client.refusal(sealed_fields(FIELDS[:count])) is not None


def test_14_fields_are_refused(client: Client) -> None:
    assert client.refusal(sealed_fields(FIELDS[:14])) == "header: too few fields"


def test_18_fields_are_refused(client: Client) -> None:
    assert client.refusal(sealed_fields([*FIELDS, b""])) == "header: too many fields"


@pytest.mark.parametrize("difficulty", [0, 1, 2, 131_072, 2**256 - 1])
def test_any_difficulty_is_accepted(client: Client, difficulty: int) -> None:
    head = header(difficulty=difficulty)
    client.update(sealed(head))
    assert client.proves(head)


def test_a_leading_zero_in_the_number_is_refused(client: Client) -> None:
    packet = with_field(NUMBER, b"\x00\x05")
    assert client.refusal(packet) == "rlp: number not canonical"


def test_a_number_over_64_bits_is_refused(client: Client) -> None:
    assert client.refusal(sealed(header(height=2**64))) == "header: bad block number"


def test_the_genesis_is_refused(client: Client) -> None:
    packet = sealed_bytes(header(height=0).encode(), dict(enumerate(FOUR.keys[:3])))
    assert client.refusal(packet) == "header: bad block number"


@pytest.mark.parametrize("place", [7, 8, 9, 10, 11, BASE_FEE])
def test_a_number_that_is_a_list_is_refused(client: Client, place: int) -> None:
    packet = with_field(place, [b"\x05"])
    assert client.refusal(packet) == "header: number is a list"


@pytest.mark.parametrize("place", [7, 8, 9, 10, 11, BASE_FEE])
def test_a_number_with_a_leading_zero_is_refused(client: Client, place: int) -> None:
    packet = with_field(place, b"\x00\x05")
    assert client.refusal(packet) == "rlp: number not canonical"


@pytest.mark.parametrize("place", [0, 1, 2, 3, 4, 5, 6, 13, 14, 16])
@pytest.mark.parametrize("change", [-1, 1], ids=["short", "long"])
def test_a_field_of_another_size_is_refused(client: Client, place: int, change: int) -> None:
    size = len(rlp.as_bytes(FIELDS[place])) + change
    packet = with_field(place, b"\xee" * size)
    assert client.refusal(packet) == "header: field of a wrong size"


def test_a_block_of_another_consensus_is_refused(client: Client) -> None:
    packet = with_field(MIX_HASH, keccak(b"proof of work"))
    assert client.refusal(packet) == "header: not a BFT block"


@pytest.mark.parametrize("encoded", [b"", b"\x80", seal_free(header()) + b"\x00"])
def test_bytes_that_are_no_header_are_refused(client: Client, encoded: bytes) -> None:
    packet = sealed_bytes(encoded, dict(enumerate(FOUR.keys[:3])))
    assert client.refusal(packet) in {"header: not one list", "rlp: item past the end"}


def test_a_header_with_a_zero_receipts_root_is_refused(client: Client) -> None:
    head = header(receipts_root=bytes(32))
    assert client.refusal(sealed(head)) == "client: receipts root is zero"
    assert not client.proves(head)
