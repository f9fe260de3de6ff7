"""Who may hold a security and how much is asked when units move and when a hold is placed."""

from __future__ import annotations

import pytest

from contracts.artifacts import Optimize
from tests.support.people import ALICE, BOB, CAROL, DAVE, account, caller
from tests.support.refusals import refused
from tests.support.token_issues import SUPPLY, Issue, blank_security, issued


@pytest.fixture
def limited(build: Optimize) -> Issue:
    """A security of which one account may own its whole supply and no more."""
    return issued(blank_security(build, holding_limit=SUPPLY))


def test_a_pause_stops_transfers_and_new_holds_until_it_ends(security: Issue) -> None:
    assert security.issuer("pause").events[0].name == "Paused"
    assert security.token.call("paused") is True
    with refused("security: paused"):
        security.transfer(ALICE, BOB, 1)
    assert not security.hold(ALICE, BOB, 1)
    assert security.issuer("unpause").events[0].name == "Unpaused"
    assert security.token.call("paused") is False
    security.transfer(ALICE, BOB, 1)
    assert security.hold(ALICE, BOB, 1)


@pytest.mark.parametrize("who", [ALICE, BOB])
def test_a_frozen_account_neither_sends_nor_receives(security: Issue, who: str) -> None:
    (event,) = security.issuer("setAddressFrozen", account(who), True).events
    assert event.fields == {"account": caller(who), "is_frozen": True}
    assert security.token.call("isFrozen", account(who)) is True
    with refused("security: frozen account"):
        security.transfer(ALICE, BOB, 1)
    assert not security.hold(ALICE, BOB, 1)
    security.issuer("setAddressFrozen", account(who), False)
    security.transfer(ALICE, BOB, 1)
    assert security.hold(ALICE, BOB, 1)


def test_a_freeze_of_others_stops_nobody_else(security: Issue) -> None:
    security.issuer("setAddressFrozen", account(CAROL), True)
    security.transfer(ALICE, BOB, 1)
    assert security.hold(ALICE, BOB, 1)


@pytest.mark.parametrize("who", [ALICE, BOB])
def test_an_unverified_account_neither_sends_nor_receives(security: Issue, who: str) -> None:
    security.unverify(who)
    with refused("security: not verified"):
        security.transfer(ALICE, BOB, 1)
    assert not security.hold(ALICE, BOB, 1)
    security.verify(who)
    security.transfer(ALICE, BOB, 1)
    assert security.hold(ALICE, BOB, 1)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("mint", (account(DAVE), 1)),
        ("forcedTransfer", (account(ALICE), account(DAVE), 1)),
        ("recoveryAddress", (account(ALICE), account(DAVE))),
    ],
)
def test_the_issuer_too_gives_only_to_verified_accounts(
    security: Issue, function: str, arguments: tuple[object, ...]
) -> None:
    with refused("security: not verified"):
        security.issuer(function, *arguments)
    security.verify(DAVE)
    security.issuer(function, *arguments)


def test_the_holding_limit_counts_what_is_owned(limited: Issue) -> None:
    limited.mint(BOB, SUPPLY - 10)
    with refused("security: over holding limit"):
        limited.transfer(ALICE, BOB, 11)
    assert not limited.hold(ALICE, BOB, 11)
    assert limited.hold(ALICE, BOB, 10)


def test_the_holding_limit_counts_what_is_held_for_the_receiver(limited: Issue) -> None:
    limited.mint(CAROL, SUPPLY)
    assert limited.hold(ALICE, BOB, SUPPLY - 10)
    assert limited.incoming(BOB) == SUPPLY - 10
    assert not limited.hold(CAROL, BOB, 11)
    with refused("security: over holding limit"):
        limited.transfer(CAROL, BOB, 11)
    with refused("security: over holding limit"):
        limited.mint(BOB, 11)
    limited.transfer(CAROL, BOB, 10)
    limited.execute(ALICE, BOB, SUPPLY - 10)
    assert (limited.balance(BOB), limited.incoming(BOB)) == (SUPPLY, 0)


def test_a_release_gives_the_reserved_room_back(limited: Issue) -> None:
    limited.mint(CAROL, SUPPLY)
    limited.hold(ALICE, BOB, SUPPLY)
    assert not limited.hold(CAROL, BOB, 1)
    limited.release(ALICE, BOB, SUPPLY)
    assert limited.hold(CAROL, BOB, SUPPLY)


def test_a_new_limit_binds_from_then_on(security: Issue) -> None:
    (event,) = security.issuer("set_holding_limit", 5).events
    assert event.fields == {"limit": 5}
    assert security.token.call("holding_limit") == 5
    with refused("security: over holding limit"):
        security.transfer(ALICE, BOB, 6)
    security.issuer("set_holding_limit", 0)
    security.transfer(ALICE, BOB, 6)


def test_a_new_registry_binds_from_then_on(build: Optimize, security: Issue) -> None:
    other = security.token.evm.deploy(security.registry.artifact, caller("other registrar"))
    security.issuer("setIdentityRegistry", other.address)
    with refused("security: not verified"):
        security.transfer(ALICE, BOB, 1)
    security.issuer("setIdentityRegistry", security.registry.address)
    security.transfer(ALICE, BOB, 1)


def test_rules_in_one_slot_do_not_disturb_each_other(security: Issue) -> None:
    security.issuer("pause")
    security.issuer("set_holding_limit", 2**84 - 1)
    security.issuer("setIdentityRegistry", "0x" + "ff" * 20)
    views = ("paused", "holding_limit", "identityRegistry")
    assert [security.token.call(v) for v in views] == [True, 2**84 - 1, "0x" + "ff" * 20]
    security.issuer("unpause")
    assert [security.token.call(v) for v in views] == [False, 2**84 - 1, "0x" + "ff" * 20]
    security.issuer("set_holding_limit", 0)
    assert [security.token.call(v) for v in views] == [False, 0, "0x" + "ff" * 20]


def test_a_recovery_moves_what_is_available_and_the_freeze(security: Issue) -> None:
    security.issuer("setAddressFrozen", account(ALICE), True)
    outcome = security.issuer("recoveryAddress", account(ALICE), account(CAROL))
    assert (security.balance(ALICE), security.balance(CAROL)) == (0, SUPPLY)
    assert security.token.call("isFrozen", account(CAROL)) is True
    names = [event.name for event in outcome.events]
    assert names == ["Transfer", "AddressFrozen", "RecoverySuccess"]


def test_a_recovery_of_a_free_account_freezes_nobody(security: Issue) -> None:
    security.issuer("recoveryAddress", account(ALICE), account(CAROL))
    assert security.token.call("isFrozen", account(CAROL)) is False
