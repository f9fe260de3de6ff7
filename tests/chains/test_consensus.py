"""Quorums, validator sets and seals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chains.consensus import (
    MAX_VALIDATORS,
    BadValidators,
    NotSealed,
    ValidatorSet,
    check_seals,
    quorum,
    seal,
)
from chains.headers import signers
from chains.keys import ORDER, address_of
from tests.chains.test_headers import KEYS, VALIDATORS, header


@pytest.mark.parametrize(
    ("validators", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (32, 22)]
)
def test_a_quorum_is_two_thirds_rounded_up(validators: int, needed: int) -> None:
    assert quorum(validators) == needed


def test_validators_are_sorted_by_address_whatever_order_they_are_given_in() -> None:
    assert ValidatorSet.of(KEYS[::-1]) == VALIDATORS
    assert list(VALIDATORS.addresses) == sorted(address_of(key) for key in KEYS)


@pytest.mark.parametrize(
    "keys",
    [
        (),
        (KEYS[0], KEYS[0]),
        tuple((1 + i).to_bytes(32, "big") for i in range(MAX_VALIDATORS + 1)),
    ],
)
def test_an_empty_a_repeating_and_a_too_large_set_are_refused(keys: tuple[bytes, ...]) -> None:
    with pytest.raises(BadValidators):
        ValidatorSet.of(keys)


def test_the_largest_set_is_accepted() -> None:
    keys = tuple((1 + i).to_bytes(32, "big") for i in range(MAX_VALIDATORS))
    assert len(ValidatorSet.of(keys).addresses) == MAX_VALIDATORS


def test_proposers_take_turns() -> None:
    turns = [VALIDATORS.proposer(height) for height in range(8)]
    assert turns == list(VALIDATORS.addresses) * 2


def test_seals_are_the_same_whenever_they_are_made_and_have_a_low_s() -> None:
    first, again = seal(header(), KEYS), seal(header(), KEYS[::-1])
    assert first == again
    assert signers(first) == VALIDATORS.addresses
    for one in first.extra.seals:
        assert int.from_bytes(one[32:64], "big") <= ORDER // 2
        assert one[64] in (0, 1)


@pytest.mark.parametrize("count", [3, 4])
def test_a_quorum_of_seals_is_enough(count: int) -> None:
    check_seals(seal(header(), KEYS[:count]))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_less_than_a_quorum_is_not(count: int) -> None:
    with pytest.raises(NotSealed):
        check_seals(seal(header(), KEYS[:count]))


def test_one_validator_does_not_count_twice() -> None:
    sealed = seal(header(), KEYS[:2])
    doubled = sealed.with_extra(replace(sealed.extra, seals=sealed.extra.seals * 2))
    with pytest.raises(NotSealed, match="2 of 4"):
        check_seals(doubled)


def test_an_outsiders_seal_does_not_count() -> None:
    outsiders = ValidatorSet.of([(50 + i).to_bytes(32, "big") for i in range(4)])
    strange = seal(header(extra_data=outsiders.extra_data()), outsiders.keys)
    moved = header().with_extra(replace(header().extra, seals=strange.extra.seals))
    with pytest.raises(NotSealed, match="0 of 4"):
        check_seals(moved)


def test_a_seal_over_another_header_does_not_count() -> None:
    sealed = seal(header(), KEYS)
    with pytest.raises(NotSealed):
        check_seals(replace(sealed, timestamp_s=1))


def test_a_seal_of_another_round_does_not_count() -> None:
    sealed = seal(header(round_number=1), KEYS)
    check_seals(sealed)
    with pytest.raises(NotSealed):
        check_seals(sealed.with_extra(replace(sealed.extra, round_number=2)))


def test_a_header_that_lists_nobody_is_never_sealed() -> None:
    nobody = header().with_extra(replace(header().extra, validators=()))
    with pytest.raises(NotSealed, match="0 of 0"):
        check_seals(nobody)
