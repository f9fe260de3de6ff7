"""The registry answers who is verified, and only its registrar changes the answer."""

from __future__ import annotations

import pytest

from contracts.artifacts import Optimize, load
from tests.support.bare_evm import BareEvm, Contract
from tests.support.people import ALICE, BOB, EVE, REGISTRAR, account, caller
from tests.support.refusals import refused

NOBODY = "0x" + "00" * 20


@pytest.fixture
def registry(build: Optimize) -> Contract:
    """Nobody is verified yet."""
    return BareEvm().deploy(load("identity_registry", build), caller(REGISTRAR))


def register(registry: Contract, name: str, country: int = 156) -> None:
    registry.transact("register", account(name), country, sender=caller(REGISTRAR))


def test_a_registered_account_is_verified(registry: Contract) -> None:
    register(registry, ALICE, 826)
    assert registry.call("is_verified", account(ALICE)) is True
    assert registry.call("country_of", account(ALICE)) == 826
    assert registry.call("is_verified", account(BOB)) is False


def test_a_removed_account_is_not_verified(registry: Contract) -> None:
    register(registry, ALICE)
    outcome = registry.transact("remove", account(ALICE), sender=caller(REGISTRAR))
    assert outcome.events[0].name == "IdentityRemoved"
    assert registry.call("is_verified", account(ALICE)) is False


@pytest.mark.parametrize(
    ("verified", "both"), [((), False), ((ALICE,), False), ((BOB,), False), ((ALICE, BOB), True)]
)
def test_two_accounts_are_verified_when_each_is(
    registry: Contract, verified: tuple[str, ...], both: bool
) -> None:
    for name in verified:
        register(registry, name)
    assert registry.call("are_verified", account(ALICE), account(BOB)) is both


@pytest.mark.parametrize("function", ["register", "remove"])
def test_only_the_registrar_changes_the_registry(registry: Contract, function: str) -> None:
    register(registry, ALICE)
    arguments = (account(ALICE), 156) if function == "register" else (account(ALICE),)
    with refused("identity: only the registrar"):
        registry.transact(function, *arguments, sender=caller(EVE))
    registry.transact(function, *arguments, sender=caller(REGISTRAR))


@pytest.mark.parametrize("country", [0, 1000, 2**256 - 1])
def test_a_country_has_a_three_digit_number(registry: Contract, country: int) -> None:
    with refused("identity: no country"):
        register(registry, ALICE, country)


@pytest.mark.parametrize("country", [1, 999])
def test_the_first_and_last_country_are_countries(registry: Contract, country: int) -> None:
    register(registry, ALICE, country)
    assert registry.call("country_of", account(ALICE)) == country


def test_nobody_is_not_registered(registry: Contract) -> None:
    with refused("identity: zero address"):
        registry.transact("register", NOBODY, 156, sender=caller(REGISTRAR))


def test_a_registry_has_a_registrar(build: Optimize) -> None:
    with refused("identity: zero address"):
        BareEvm().deploy(load("identity_registry", build), NOBODY)


def test_a_stranger_cannot_be_removed(registry: Contract) -> None:
    with refused("identity: not registered"):
        registry.transact("remove", account(EVE), sender=caller(REGISTRAR))
