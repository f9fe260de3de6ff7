"""Everything that the cash token refuses, with its reason."""

from __future__ import annotations

import pytest

from contracts.artifacts import Optimize, load
from tests.support.bare_evm import BareEvm
from tests.support.people import ALICE, AUTHORITY, BOB, EVE, ISSUER, account, caller
from tests.support.refusals import refused
from tests.support.token_issues import NOTARY, SUPPLY, Issue, blank_cash

NOBODY = "0x" + "00" * 20


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("mint", (account(EVE), 1)),
        ("burn", (account(ALICE), 1)),
        ("set_notary", (account(EVE),)),
    ],
)
@pytest.mark.parametrize("who", [EVE, ALICE, AUTHORITY, NOTARY])
def test_only_the_issuer_mints_burns_and_names_the_notary(
    build: Optimize, function: str, arguments: tuple[object, ...], who: str
) -> None:
    blank = blank_cash(build)
    blank.mint(ALICE, 10)
    with refused("cash: only the issuer"):
        blank.token.transact(function, *arguments, sender=caller(who))
    blank.token.transact(function, *arguments, sender=caller(ISSUER))


def test_only_the_notary_ends_a_hold(cash: Issue) -> None:
    cash.hold(ALICE, BOB, 5)
    with refused("cash: only the notary"):
        cash.token.transact("release", account(ALICE), account(BOB), 5, sender=caller(ALICE))
    cash.release(ALICE, BOB, 5)


def test_the_notary_is_named_once(cash: Issue) -> None:
    with refused("cash: the notary is named"):
        cash.issuer("set_notary", account(EVE))
    assert cash.token.call("notary") == caller(NOTARY)


def test_the_notary_is_somebody(build: Optimize) -> None:
    with refused("cash: zero address"):
        blank_cash(build).issuer("set_notary", NOBODY)


def test_nothing_is_paid_to_nobody(cash: Issue) -> None:
    with refused("cash: zero address"):
        cash.token.transact("transfer", NOBODY, 1, sender=caller(ALICE))


def test_nothing_is_minted_for_nobody(cash: Issue) -> None:
    with refused("cash: zero address"):
        cash.issuer("mint", NOBODY, 1)


def test_nobody_is_allowed_to_spend(cash: Issue) -> None:
    with refused("cash: zero address"):
        cash.token.transact("approve", NOBODY, 1, sender=caller(ALICE))


@pytest.mark.parametrize("parties", [(NOBODY, caller(AUTHORITY)), (caller(ISSUER), NOBODY)])
def test_cash_has_an_issuer_and_an_authority(build: Optimize, parties: tuple[str, str]) -> None:
    with refused("cash: zero address"):
        BareEvm().deploy(load("cash_token", build), "e-CNY", "CNY", 2, *parties)


def test_more_than_one_has_cannot_be_paid(cash: Issue) -> None:
    with refused("cash: not enough available"):
        cash.transfer(ALICE, BOB, SUPPLY + 1)
    cash.transfer(ALICE, BOB, SUPPLY)


def test_more_than_is_available_cannot_be_burned(cash: Issue) -> None:
    cash.hold(ALICE, BOB, 400)
    with refused("cash: not enough available"):
        cash.issuer("burn", account(ALICE), SUPPLY - 399)
    cash.issuer("burn", account(ALICE), SUPPLY - 400)
    cash.execute(ALICE, BOB, 400)


def test_more_than_is_allowed_cannot_be_taken(cash: Issue) -> None:
    cash.token.transact("approve", account(BOB), 5, sender=caller(ALICE))
    with refused("cash: not enough allowed"):
        cash.token.transact("transferFrom", account(ALICE), account(BOB), 6, sender=caller(BOB))
    cash.token.transact("transferFrom", account(ALICE), account(BOB), 5, sender=caller(BOB))


def test_the_supply_has_a_limit(cash: Issue) -> None:
    cash.mint(BOB, cash.amount_max - SUPPLY)
    with refused("cash: supply limit"):
        cash.mint(BOB, 1)
    assert cash.supply == cash.amount_max


@pytest.mark.parametrize("ending", ["execute", "release"])
def test_more_than_is_held_cannot_be_ended(cash: Issue, ending: str) -> None:
    cash.hold(ALICE, BOB, 5)
    with refused("cash: not enough held"):
        getattr(cash, ending)(ALICE, BOB, 6)
    getattr(cash, ending)(ALICE, BOB, 5)
