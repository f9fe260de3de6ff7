"""Both tokens are ERC-20 tokens to anybody who knows no more."""

from __future__ import annotations

from eth_abi.abi import encode

from tests.support.people import ALICE, AUTHORITY, BOB, CAROL, ISSUER, account, caller
from tests.support.token_issues import NOTARY, SUPPLY, Issue

NOBODY = "0x" + "00" * 20


def allow(issue: Issue, owner: str, spender: str, amount: int) -> None:
    issue.token.transact("approve", account(spender), amount, sender=caller(owner))


def test_a_transfer_moves_the_amount_and_says_so(issue: Issue) -> None:
    outcome = issue.transfer(ALICE, BOB, 40)
    assert outcome.output is True
    assert (issue.balance(ALICE), issue.balance(BOB)) == (SUPPLY - 40, 40)
    (event,) = outcome.events
    assert event.name == "Transfer"
    assert event.fields == {"sender": caller(ALICE), "receiver": caller(BOB), "amount": 40}


def test_a_transfer_has_the_standard_topics(issue: Issue) -> None:
    (log,) = issue.transfer(ALICE, BOB, 40).logs
    assert log.topics[0].hex() == "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
    assert log.topics[1:] == tuple(encode(["address"], [account(n)]) for n in (ALICE, BOB))


def test_a_transfer_to_oneself_changes_nothing(issue: Issue) -> None:
    issue.transfer(ALICE, ALICE, SUPPLY)
    assert issue.balance(ALICE) == issue.supply == SUPPLY


def test_an_empty_transfer_is_a_transfer(issue: Issue) -> None:
    (event,) = issue.transfer(BOB, ALICE, 0).events
    assert event.fields["amount"] == 0


def test_an_allowance_is_spent_by_transfers(issue: Issue) -> None:
    allow(issue, ALICE, BOB, 100)
    outcome = issue.token.transact(
        "transferFrom", account(ALICE), account(CAROL), 30, sender=caller(BOB)
    )
    assert outcome.output is True
    assert issue.token.call("allowance", account(ALICE), account(BOB)) == 70
    assert issue.balance(CAROL) == 30
    assert [event.name for event in outcome.events] == ["Approval", "Transfer"]


def test_a_new_allowance_replaces_the_old_one(issue: Issue) -> None:
    allow(issue, ALICE, BOB, 100)
    allow(issue, ALICE, BOB, 7)
    assert issue.token.call("allowance", account(ALICE), account(BOB)) == 7


def test_an_allowance_says_so(issue: Issue) -> None:
    outcome = issue.token.transact("approve", account(BOB), 9, sender=caller(ALICE))
    assert outcome.output is True
    (event,) = outcome.events
    assert event.name == "Approval"
    assert event.fields == {"owner": caller(ALICE), "spender": caller(BOB), "amount": 9}


def test_minting_adds_to_the_supply(issue: Issue) -> None:
    (event,) = issue.mint(BOB, 5).events
    assert (issue.balance(BOB), issue.supply) == (5, SUPPLY + 5)
    assert event.fields == {"sender": NOBODY, "receiver": caller(BOB), "amount": 5}


def test_burning_takes_from_the_supply(issue: Issue) -> None:
    (event,) = issue.issuer("burn", account(ALICE), 5).events
    assert (issue.balance(ALICE), issue.supply) == (SUPPLY - 5, SUPPLY - 5)
    assert event.fields == {"sender": caller(ALICE), "receiver": NOBODY, "amount": 5}


def test_a_token_names_who_answers_for_it(issue: Issue) -> None:
    assert issue.token.call("issuer") == caller(ISSUER)
    assert issue.token.call("authority") == caller(AUTHORITY)
    assert issue.token.call("notary") == caller(NOTARY)


def test_cash_describes_itself(cash: Issue) -> None:
    described = [cash.token.call(view) for view in ("name", "symbol", "decimals")]
    assert described == ["e-CNY", "CNY", 2]


def test_a_security_describes_itself(security: Issue) -> None:
    views = ("name", "symbol", "decimals", "isin", "identityRegistry", "holding_limit")
    assert [security.token.call(view) for view in views] == [
        "Bond 2030",
        "BND",
        0,
        "CND100000000",
        security.registry.address.lower(),
        0,
    ]
