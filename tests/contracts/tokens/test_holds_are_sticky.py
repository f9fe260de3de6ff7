"""Rule 4 at the token: nothing that an issuer or a registrar does touches a placed hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.people import ALICE, BOB, CAROL, account, caller
from tests.support.refusals import refused
from tests.support.token_issues import SUPPLY, Issue

HELD = 400
Act = Callable[[Issue], object]


def _lower_the_limit(security: Issue) -> None:
    security.issuer("set_holding_limit", 1)


def _replace_the_registry(security: Issue) -> None:
    empty = security.token.evm.deploy(security.registry.artifact, caller("nobody's registrar"))
    security.issuer("setIdentityRegistry", empty.address)


def _register_at_an_account_without_code(security: Issue) -> None:
    security.issuer("setIdentityRegistry", account(CAROL))


ACTS: dict[str, Act] = {
    "pause": lambda security: security.issuer("pause"),
    "freeze the sender": lambda s: s.issuer("setAddressFrozen", account(ALICE), True),
    "freeze the receiver": lambda s: s.issuer("setAddressFrozen", account(BOB), True),
    "force everything else away": lambda s: s.issuer(
        "forcedTransfer", account(ALICE), account(CAROL), SUPPLY - HELD
    ),
    "burn everything else": lambda s: s.issuer("burn", account(ALICE), SUPPLY - HELD),
    "recover the sender": lambda s: s.issuer("recoveryAddress", account(ALICE), account(CAROL)),
    "recover the receiver": lambda s: s.issuer("recoveryAddress", account(BOB), account(CAROL)),
    "lower the limit": _lower_the_limit,
    "replace the registry": _replace_the_registry,
    "break the registry": _register_at_an_account_without_code,
    "unverify the sender": lambda security: security.unverify(ALICE),
    "unverify the receiver": lambda security: security.unverify(BOB),
}


def _all_of_them(security: Issue) -> None:
    for name, act in ACTS.items():
        if name not in ("force everything else away", "recover the sender"):
            act(security)


@pytest.fixture
def held(security: Issue) -> Issue:
    """Alice's units held for Bob."""
    assert security.hold(ALICE, BOB, HELD)
    return security


@pytest.mark.parametrize("act", ACTS)
def test_a_hold_survives_and_executes(held: Issue, act: str) -> None:
    ACTS[act](held)
    assert held.held(ALICE) == held.incoming(BOB) == HELD
    assert held.balance(ALICE) >= HELD
    held.execute(ALICE, BOB, HELD)
    assert (held.balance(BOB), held.held(ALICE), held.incoming(BOB)) == (HELD, 0, 0)


@pytest.mark.parametrize("act", ACTS)
def test_a_hold_survives_and_is_released(held: Issue, act: str) -> None:
    ACTS[act](held)
    owned = held.balance(ALICE)
    held.release(ALICE, BOB, HELD)
    assert (held.balance(ALICE), held.held(ALICE), held.incoming(BOB)) == (owned, 0, 0)
    assert held.balance(BOB) == 0


def test_a_hold_survives_all_of_it_together(held: Issue) -> None:
    _all_of_them(held)
    held.execute(ALICE, BOB, HELD)
    assert held.balance(BOB) == HELD


def test_a_freeze_applies_to_the_receiver_afterwards(held: Issue) -> None:
    held.issuer("setAddressFrozen", account(BOB), True)
    held.execute(ALICE, BOB, HELD)
    assert held.token.call("isFrozen", account(BOB)) is True
    with refused("security: frozen account"):
        held.transfer(BOB, CAROL, 1)


def test_without_a_freeze_the_receiver_disposes_of_it(held: Issue) -> None:
    held.execute(ALICE, BOB, HELD)
    held.transfer(BOB, CAROL, HELD)
    assert held.balance(CAROL) == HELD


def test_a_freeze_set_by_hand_keeps_all_three_amounts(held: Issue) -> None:
    held.hold(ALICE, BOB, 1)
    for is_frozen in (True, False):
        for name in (ALICE, BOB):
            held.issuer("setAddressFrozen", account(name), is_frozen)
        assert (held.balance(ALICE), held.held(ALICE)) == (SUPPLY, HELD + 1)
        assert held.incoming(BOB) == HELD + 1


def test_a_lowered_limit_still_binds_what_was_not_held(held: Issue) -> None:
    held.issuer("set_holding_limit", HELD)
    held.execute(ALICE, BOB, HELD)
    with refused("security: over holding limit"):
        held.transfer(ALICE, BOB, 1)
