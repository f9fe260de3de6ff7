"""Everything that the security token refuses of roles, amounts and addresses, with its reason."""

from __future__ import annotations

import pytest

from contracts.artifacts import Optimize, load
from tests.support.bare_evm import BareEvm
from tests.support.people import ALICE, AUTHORITY, BOB, CAROL, EVE, ISSUER, account, caller
from tests.support.refusals import refused
from tests.support.token_issues import NOTARY, SUPPLY, Issue, blank_security

NOBODY = "0x" + "00" * 20
REGISTRY = "0x" + "77" * 20


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("mint", (account(BOB), 1)),
        ("burn", (account(ALICE), 1)),
        ("pause", ()),
        ("unpause", ()),
        ("setAddressFrozen", (account(ALICE), True)),
        ("forcedTransfer", (account(ALICE), account(BOB), 1)),
        ("recoveryAddress", (account(ALICE), account(BOB))),
        ("setIdentityRegistry", (REGISTRY,)),
        ("set_holding_limit", (5,)),
        ("set_notary", (account(EVE),)),
    ],
)
@pytest.mark.parametrize("who", [EVE, ALICE, AUTHORITY, NOTARY])
def test_only_the_issuer_governs_a_security(
    build: Optimize, function: str, arguments: tuple[object, ...], who: str
) -> None:
    blank = blank_security(build)
    blank.mint(ALICE, 10)
    with refused("security: only the issuer"):
        blank.token.transact(function, *arguments, sender=caller(who))
    blank.token.transact(function, *arguments, sender=caller(ISSUER))


def test_only_the_notary_ends_a_hold(security: Issue) -> None:
    security.hold(ALICE, BOB, 5)
    with refused("security: only the notary"):
        security.token.transact("release", account(ALICE), account(BOB), 5, sender=caller(ALICE))
    security.release(ALICE, BOB, 5)


def test_the_notary_is_named_once(security: Issue) -> None:
    with refused("security: the notary is named"):
        security.issuer("set_notary", account(EVE))
    assert security.token.call("notary") == caller(NOTARY)


def test_the_notary_is_somebody(build: Optimize) -> None:
    with refused("security: zero address"):
        blank_security(build).issuer("set_notary", NOBODY)


def test_the_registry_is_somewhere(security: Issue) -> None:
    with refused("security: zero address"):
        security.issuer("setIdentityRegistry", NOBODY)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("transfer", (NOBODY, 1)),
        ("approve", (NOBODY, 1)),
    ],
)
def test_nobody_receives_or_spends(
    security: Issue, function: str, arguments: tuple[object, ...]
) -> None:
    with refused("security: zero address"):
        security.token.transact(function, *arguments, sender=caller(ALICE))


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("mint", (NOBODY, 1)),
        ("forcedTransfer", (account(ALICE), NOBODY, 1)),
        ("recoveryAddress", (account(ALICE), NOBODY)),
    ],
)
def test_the_issuer_gives_nothing_to_nobody(
    security: Issue, function: str, arguments: tuple[object, ...]
) -> None:
    with refused("security: zero address"):
        security.issuer(function, *arguments)


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_security_has_a_registry_an_issuer_and_an_authority(
    build: Optimize, missing: int
) -> None:
    parties = [REGISTRY, caller(ISSUER), caller(AUTHORITY)]
    parties[missing] = NOBODY
    with refused("security: zero address"):
        BareEvm().deploy(load("security_token", build), "Bond", "BND", "CND1", *parties, 0)


def test_more_than_is_available_cannot_be_transferred(security: Issue) -> None:
    security.hold(ALICE, BOB, 400)
    with refused("security: not enough available"):
        security.transfer(ALICE, BOB, SUPPLY - 399)
    security.transfer(ALICE, BOB, SUPPLY - 400)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [("burn", (account(ALICE),)), ("forcedTransfer", (account(ALICE), account(CAROL)))],
)
def test_the_issuer_cannot_take_what_is_held(
    security: Issue, function: str, arguments: tuple[object, ...]
) -> None:
    security.hold(ALICE, BOB, 400)
    with refused("security: not enough available"):
        security.issuer(function, *arguments, SUPPLY - 399)
    security.issuer(function, *arguments, SUPPLY - 400)
    assert security.held(ALICE) == security.balance(ALICE) == 400


def test_more_than_is_allowed_cannot_be_taken(security: Issue) -> None:
    security.token.transact("approve", account(BOB), 5, sender=caller(ALICE))
    arguments = (account(ALICE), account(BOB))
    with refused("security: not enough allowed"):
        security.token.transact("transferFrom", *arguments, 6, sender=caller(BOB))
    security.token.transact("transferFrom", *arguments, 5, sender=caller(BOB))


def test_the_supply_has_a_limit(security: Issue) -> None:
    security.mint(BOB, security.amount_max - SUPPLY)
    with refused("security: supply limit"):
        security.mint(BOB, 1)
    assert security.supply == security.amount_max


@pytest.mark.parametrize("amount", [2**84, 2**128, 2**255, 2**256 - 1])
def test_no_amount_is_larger_than_its_field(security: Issue, amount: int) -> None:
    with refused("security: supply limit"):
        security.mint(BOB, amount)
    with refused("security: supply limit"):
        security.transfer(ALICE, BOB, amount)
    with refused("security: supply limit"):
        security.issuer("forcedTransfer", account(ALICE), account(BOB), amount)
    with refused("security: supply limit"):
        security.issuer("set_holding_limit", amount)


def test_a_holding_limit_fits_its_field_at_deployment(build: Optimize) -> None:
    with refused("security: supply limit"):
        blank_security(build, holding_limit=2**84)
    assert blank_security(build, 2**84 - 1).token.call("holding_limit") == 2**84 - 1


@pytest.mark.parametrize("ending", ["execute", "release"])
def test_more_than_is_held_cannot_be_ended(security: Issue, ending: str) -> None:
    security.hold(ALICE, BOB, 5)
    with refused("security: not enough held"):
        getattr(security, ending)(ALICE, BOB, 6)
    getattr(security, ending)(ALICE, BOB, 5)


@pytest.mark.parametrize("ending", ["execute", "release"])
def test_what_others_hold_for_a_receiver_does_not_count_for_a_sender(
    security: Issue, ending: str
) -> None:
    security.mint(CAROL, 10)
    security.hold(CAROL, BOB, 10)
    security.hold(ALICE, BOB, 5)
    with refused("security: not enough held"):
        getattr(security, ending)(ALICE, BOB, 6)
    assert (security.held(ALICE), security.incoming(BOB)) == (5, 15)


@pytest.mark.parametrize("ending", ["execute", "release"])
def test_a_hold_is_not_ended_for_another_receiver(security: Issue, ending: str) -> None:
    security.hold(ALICE, BOB, 5)
    with refused("security: not enough held"):
        getattr(security, ending)(ALICE, CAROL, 5)
    getattr(security, ending)(ALICE, BOB, 5)


def test_a_lost_account_is_not_its_own_replacement(security: Issue) -> None:
    with refused("security: same account"):
        security.issuer("recoveryAddress", account(ALICE), account(ALICE))


def test_a_hold_for_oneself_is_declined(security: Issue) -> None:
    assert not security.hold(ALICE, ALICE, 1)
    assert security.hold(ALICE, BOB, 1)
