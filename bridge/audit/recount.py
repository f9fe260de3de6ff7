"""The auditor's books against the tokens' own answers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bridge.audit.findings import Findings, Rule
from bridge.audit.ledger import Ledger, TokenLedger
from bridge.audit.questions import ASKED_MAX, Question, Reader, ask
from bridge.audit.words import ADDRESS_BYTES, WORD, selector
from chains.engine import Height

BALANCE_OF = selector("balanceOf(address)")
HELD_OF = selector("held_of(address)")
TOTAL_SUPPLY = selector("totalSupply()")
ISSUER = selector("issuer()")


class Recount:
    """Asks the tokens of one chain after a given block."""

    def __init__(self, ledger: Ledger, reader: Reader | None, findings: Findings) -> None:
        self._ledger = ledger
        self._reader = reader
        self._findings = findings
        self._issuers: dict[bytes, bytes] = {}
        self._answers: dict[Question, int | None] = {}  # to what was asked last

    def of_touched(self, height: int) -> None:
        """Compare the accounts that the block has touched, and the supply of their tokens."""
        touched, books = self._ledger.touched, self._ledger.tokens
        if self._reader is None or not touched:
            return
        tokens = dict.fromkeys([token for token, _ in touched])
        asked = [Question(token, TOTAL_SUPPLY) for token in tokens]
        expected = [books[token].supply for token in tokens]
        for token, owner in touched:
            asked += _of_account(token, owner)
            expected += books[token].position(owner)
        answers = ask(self._reader, asked, Height(height))
        if answers == expected:  # as after nearly all blocks
            return
        self._answers = dict(zip(asked, answers, strict=True))
        for token in tokens:
            self._check_supply(token)
        for token, owner in touched:
            self._check_account(token, owner)

    def of_all(self, height: int) -> None:
        """Compare every account that ever held anything; balances must add up to the supply."""
        for token, book in self._ledger.tokens.items():
            if not book.balances:
                continue
            if sum(book.balances.values()) != book.supply:
                self._findings.broken(Rule.SUPPLY, f"{book.label}: balances miss the supply")
            for owner in book.balances:
                book.check(owner, self._findings)
            if self._reader is not None:
                asked = [Question(token, TOTAL_SUPPLY)]
                for owner in book.balances:
                    asked += _of_account(token, owner)
                answers = ask(self._reader, asked, Height(height))
                self._answers = dict(zip(asked, answers, strict=True))
                self._check_supply(token)
                self._check_sums(token, book)

    def is_issuer(self, token: bytes, accounts: Iterable[bytes | None], height: int) -> bool:
        """Whether one of the accounts issues the token; nobody can say so without a reader."""
        if self._reader is None:
            return True
        if token not in self._issuers:
            (answer,) = ask(self._reader, [Question(token, ISSUER)], Height(height))
            if answer is None:
                return False
            self._issuers[token] = answer.to_bytes(WORD, "big")[-ADDRESS_BYTES:]
        return self._issuers[token] in accounts

    def _check_supply(self, token: bytes) -> None:
        book = self._ledger.tokens[token]
        supply = self._answers[Question(token, TOTAL_SUPPLY)]
        if supply != book.supply:
            detail = f"{book.label}: the supply is {supply}, its logs say {book.supply}"
            self._findings.broken(Rule.SUPPLY, detail)

    def _check_sums(self, token: bytes, book: TokenLedger) -> None:
        positions = [self._check_account(token, owner) for owner in book.balances]
        total, held = (sum(column) for column in zip(*positions, strict=True))
        if total != self._answers[Question(token, TOTAL_SUPPLY)]:
            detail = f"{book.label}: balances add up to {total}, not to the supply"
            self._findings.broken(Rule.SUPPLY, detail)
        if held != sum(book.pledged.values()):
            detail = f"{book.label}: {held} is held in all, open legs hold otherwise"
            self._findings.broken(Rule.HOLDS, detail)

    def _check_account(self, token: bytes, owner: bytes) -> tuple[int, int]:
        book = self._ledger.tokens[token]
        balance, held = (self._answers[question] for question in _of_account(token, owner))
        expected_balance, expected_held = book.position(owner)
        if balance != expected_balance:
            detail = f"owns {balance}, its logs say {expected_balance}"
            self._findings.broken(Rule.SUPPLY, f"{book.label} of 0x{owner.hex()}: {detail}")
        if held != expected_held:
            detail = f"{held} is held, its logs say {expected_held}"
            self._findings.broken(Rule.HOLDS, f"{book.label} of 0x{owner.hex()}: {detail}")
        return balance or 0, held or 0


@lru_cache(maxsize=ASKED_MAX)
def _of_account(token: bytes, owner: bytes) -> tuple[Question, Question]:
    """What it owns and what is held of it."""
    argument = owner.rjust(WORD, b"\x00")
    return Question(token, BALANCE_OF + argument), Question(token, HELD_OF + argument)
