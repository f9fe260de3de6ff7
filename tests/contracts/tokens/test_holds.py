"""A hold reserves an amount: the holder stays the owner, only the notary can end it."""

from __future__ import annotations

import pytest

from tests.support.answering_contracts import ONE, answering
from tests.support.bare_evm import Reverted
from tests.support.people import ALICE, BOB, CAROL, account, caller
from tests.support.token_issues import NOTARY, SUPPLY, Issue


def test_a_held_amount_stays_the_holders_and_is_not_available(issue: Issue) -> None:
    assert issue.hold(ALICE, BOB, 400)
    assert issue.balance(ALICE) == SUPPLY
    assert (issue.held(ALICE), issue.available(ALICE)) == (400, SUPPLY - 400)
    assert issue.balance(BOB) == issue.held(BOB) == 0


def test_a_hold_that_is_not_covered_answers_false_and_does_nothing(issue: Issue) -> None:
    assert not issue.hold(ALICE, BOB, SUPPLY + 1)
    assert (issue.held(ALICE), issue.available(ALICE)) == (0, SUPPLY)


def test_a_hold_of_everything_is_covered(issue: Issue) -> None:
    assert issue.hold(ALICE, BOB, SUPPLY)
    assert issue.available(ALICE) == 0


def test_what_is_held_cannot_be_held_again(issue: Issue) -> None:
    assert issue.hold(ALICE, BOB, 600)
    assert not issue.hold(ALICE, CAROL, 401)
    assert issue.hold(ALICE, CAROL, 400)
    assert issue.held(ALICE) == SUPPLY


def test_incoming_amounts_do_not_fund_a_hold(issue: Issue) -> None:
    assert issue.hold(ALICE, BOB, 400)
    assert not issue.hold(BOB, CAROL, 400)


def test_a_hold_for_nobody_is_declined(issue: Issue) -> None:
    answer = issue.token.transact(
        "hold", account(ALICE), b"\0" * 20, 1, sender=issue.token.call("notary")
    )
    assert answer.output is False
    assert issue.held(ALICE) == 0


def test_a_hold_for_nobody_is_declined_though_a_registry_verifies_nobody(security: Issue) -> None:
    everybody = security.token.evm.deploy(answering(ONE))
    security.issuer("setIdentityRegistry", everybody.address)
    arguments = (account(ALICE), b"\0" * 20, 1)
    answer = security.token.transact("hold", *arguments, sender=caller(NOTARY))
    assert answer.output is False
    assert security.hold(ALICE, "a stranger", 1)


@pytest.mark.parametrize("amount", [2**84, 2**127, 2**128, 2**256 - 1])
def test_a_hold_beyond_any_balance_is_declined(issue: Issue, amount: int) -> None:
    assert not issue.hold(ALICE, BOB, amount)
    assert (issue.held(ALICE), issue.balance(ALICE)) == (0, SUPPLY)


def test_executing_delivers_what_is_held(issue: Issue) -> None:
    issue.hold(ALICE, BOB, 400)
    outcome = issue.execute(ALICE, BOB, 400)
    assert (issue.balance(ALICE), issue.held(ALICE)) == (SUPPLY - 400, 0)
    assert (issue.balance(BOB), issue.available(BOB)) == (400, 400)
    assert [event.name for event in outcome.events] == ["HoldExecuted", "Transfer"]


def test_releasing_gives_back_what_is_held(issue: Issue) -> None:
    issue.hold(ALICE, BOB, 400)
    (event,) = issue.release(ALICE, BOB, 400).events
    assert (issue.balance(ALICE), issue.available(ALICE)) == (SUPPLY, SUPPLY)
    assert issue.balance(BOB) == 0
    assert event.name == "HoldReleased"
    assert event.fields == {"sender": caller(ALICE), "receiver": caller(BOB), "amount": 400}


def test_holds_of_one_account_end_one_by_one(issue: Issue) -> None:
    issue.hold(ALICE, BOB, 100)
    issue.hold(ALICE, CAROL, 200)
    issue.execute(ALICE, CAROL, 200)
    assert (issue.held(ALICE), issue.balance(CAROL)) == (100, 200)
    issue.release(ALICE, BOB, 100)
    assert (issue.held(ALICE), issue.balance(BOB)) == (0, 0)


@pytest.mark.parametrize("ending", ["execute", "release"])
def test_a_hold_ends_once(issue: Issue, ending: str) -> None:
    issue.hold(ALICE, BOB, 400)
    getattr(issue, ending)(ALICE, BOB, 400)
    for again in (issue.execute, issue.release):
        with pytest.raises(Reverted, match="not enough held"):
            again(ALICE, BOB, 400)


def test_a_hold_cannot_be_transferred_away_by_its_holder(issue: Issue) -> None:
    issue.hold(ALICE, BOB, 400)
    with pytest.raises(Reverted, match="not enough available"):
        issue.transfer(ALICE, CAROL, SUPPLY - 399)
    issue.transfer(ALICE, CAROL, SUPPLY - 400)
    assert issue.held(ALICE) == issue.balance(ALICE) == 400


def test_a_hold_cannot_be_spent_through_an_allowance(issue: Issue) -> None:
    issue.hold(ALICE, BOB, 400)
    issue.token.transact("approve", account(CAROL), SUPPLY, sender=caller(ALICE))
    for amount, is_covered in ((SUPPLY - 399, False), (SUPPLY - 400, True)):
        arguments = (account(ALICE), account(CAROL), amount)
        if is_covered:
            issue.token.transact("transferFrom", *arguments, sender=caller(CAROL))
        else:
            with pytest.raises(Reverted, match="not enough available"):
                issue.token.transact("transferFrom", *arguments, sender=caller(CAROL))
    assert issue.held(ALICE) == 400


@pytest.mark.parametrize("function", ["hold", "execute", "release"])
@pytest.mark.parametrize("who", [ALICE, BOB, "issuer", "authority", "eve"])
def test_nobody_but_the_notary_places_or_ends_a_hold(issue: Issue, function: str, who: str) -> None:
    issue.hold(ALICE, BOB, 400)
    with pytest.raises(Reverted, match="only the notary"):
        issue.token.transact(function, account(ALICE), account(BOB), 400, sender=caller(who))
    assert issue.held(ALICE) == 400


def test_without_a_named_notary_nobody_is_the_notary(issue: Issue) -> None:
    with pytest.raises(Reverted, match="only the notary"):
        issue.token.transact("hold", account(ALICE), account(BOB), 1, sender="0x" + "00" * 20)
