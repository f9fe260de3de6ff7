"""Chains that can be built, and chains that cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chains.config import BadChainConfig, ChainConfig, Fees
from chains.consensus import BadValidators
from chains.headers import EMPTY_TRIE_ROOT, Header

KEYS = tuple((10 + i).to_bytes(32, "big") for i in range(4))
GWEI = 10**9


def config(**changes: Any) -> ChainConfig:
    return ChainConfig(**{"chain_id": 1, "validators": KEYS, **changes})


@pytest.mark.parametrize(
    "change",
    [
        {"chain_id": 0},
        {"gas_limit": 20_999},
        {"finality_lag_blocks": -1},
        {"genesis_timestamp_s": -1},
        {"balances": {b"\x01" * 19: 1}},
        {"balances": {b"\x01" * 20: -1}},
    ],
)
def test_a_chain_that_makes_no_sense_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadChainConfig):
        config(**change)


@pytest.mark.parametrize("validators", [(), (KEYS[0], KEYS[0])])
def test_a_chain_without_a_proper_validator_set_is_refused(validators: tuple[bytes, ...]) -> None:
    with pytest.raises(BadValidators):
        config(validators=validators)


def test_the_genesis_lists_the_validators_and_nobody_has_sealed_it() -> None:
    genesis = config().genesis(EMPTY_TRIE_ROOT)
    assert genesis.height == 0
    assert len(genesis.extra.validators) == 4
    assert genesis.extra.seals == ()


def parent(gas_used: int, base_fee: int) -> Header:
    genesis = config(fees=Fees.EIP1559, gas_limit=200_000).genesis(EMPTY_TRIE_ROOT)
    return replace(genesis, gas_used=gas_used, base_fee_per_gas=base_fee)


@pytest.mark.parametrize(
    ("gas_used", "base_fee", "following"),
    [
        (100_000, GWEI, GWEI),  # at the target
        (200_000, GWEI, 1_125_000_000),
        (0, GWEI, 875_000_000),
        (100_001, 8, 9),  # grows by one at least
        (100_001, 0, 1),
        (99_999, 7, 7),  # falls by nothing when it is small
        (0, 0, 0),
    ],
)
def test_eip1559_moves_the_base_fee(gas_used: int, base_fee: int, following: int) -> None:
    assert config(fees=Fees.EIP1559).base_fee_after(parent(gas_used, base_fee)) == following


@pytest.mark.parametrize("gas_used", [0, 100_001, 200_000])
def test_without_fees_the_base_fee_is_zero_whatever_happened(gas_used: int) -> None:
    assert config(fees=Fees.ZERO).base_fee_after(parent(gas_used, 0)) == 0
