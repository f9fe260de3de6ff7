"""The auditor's books against tokens that answer otherwise than they have said."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bridge.audit.facts import Transferred
from bridge.audit.findings import Findings, Rule
from bridge.audit.ledger import NOBODY, Ledger
from bridge.audit.recount import HELD_OF, TOTAL_SUPPLY, Recount
from chains.engine import Call, CallReverted, Height

TOKEN, ALICE, BOB = b"\x0a" * 20, b"\x01" * 20, b"\x02" * 20


@dataclass
class Token:
    """Answers balanceOf, held_of and totalSupply."""

    balances: dict[bytes, int]
    supply: int
    held: dict[bytes, int] = field(default_factory=dict)
    is_broken: bool = False

    def call(self, call: Call, at: Height | None = None) -> bytes:
        if self.is_broken:
            raise CallReverted("execution reverted")
        owner = call.data[-20:]
        book = self.held if call.data.startswith(HELD_OF) else self.balances
        answer = self.supply if call.data == TOTAL_SUPPLY else book.get(owner, 0)
        return answer.to_bytes(32, "big")


@pytest.fixture
def token() -> Token:
    return Token({ALICE: 70, BOB: 30}, 100)


@pytest.fixture
def findings() -> Findings:
    return Findings("shanghai")


@pytest.fixture
def recount(token: Token, findings: Findings) -> Recount:
    ledger = Ledger({TOKEN: "SMDC"})
    ledger.apply(TOKEN, Transferred(NOBODY, ALICE, 100))
    ledger.apply(TOKEN, Transferred(ALICE, BOB, 30))
    ledger.touched.clear()
    return Recount(ledger, token, findings)


def test_a_token_that_keeps_its_word_is_found_right(recount: Recount, findings: Findings) -> None:
    recount.of_all(16)
    assert findings.take() == ()


def test_an_account_that_was_not_touched_is_left_to_the_recount(
    recount: Recount, findings: Findings, token: Token
) -> None:
    token.balances[BOB] += 1
    recount.of_touched(15)
    assert findings.take() == ()
    recount.of_all(16)
    assert {found.name for found in findings.take()} == {Rule.SUPPLY}


def test_a_hold_that_nobody_placed_is_found(
    recount: Recount, findings: Findings, token: Token
) -> None:
    token.held[BOB] = 5
    recount.of_all(16)
    assert {found.name for found in findings.take()} == {Rule.HOLDS}


def test_a_supply_that_grows_in_silence_is_found(
    recount: Recount, findings: Findings, token: Token
) -> None:
    token.supply += 1
    recount.of_all(16)
    assert {found.name for found in findings.take()} == {Rule.SUPPLY}


def test_a_token_that_does_not_answer_is_found(
    recount: Recount, findings: Findings, token: Token
) -> None:
    token.is_broken = True
    recount.of_all(16)
    assert Rule.SUPPLY in {found.name for found in findings.take()}
