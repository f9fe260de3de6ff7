"""The auditor's books against the tokens' own answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from bridge.audit.findings import Findings, Rule
from bridge.audit.ledger import Ledger, TokenLedger
from bridge.audit.words import ADDRESS_BYTES, WORD, selector
from chains.engine import Call, ChainError, Height

BALANCE_OF = selector("balanceOf(address)")
HELD_OF = selector("held_of(address)")
TOTAL_SUPPLY = selector("totalSupply()")
ISSUER = selector("issuer()")


class Reader(Protocol):
    """What can ask a contract; every Engine can."""

    def call(self, call: Call, at: Height | None = None) -> bytes: ...


class Recount:
    """Asks the tokens of one chain after a given block."""

    def __init__(self, ledger: Ledger, reader: Reader | None, findings: Findings) -> None:
        self._ledger = ledger
        self._reader = reader
        self._findings = findings
        self._issuers: dict[bytes, bytes] = {}

    def of_touched(self, height: int) -> None:
        """Compare the accounts that the block has touched, and the supply of their tokens."""
        if self._reader is None:
            return
        for token in dict.fromkeys(token for token, _ in self._ledger.touched):
            self._check_supply(token, height)
        for token, owner in self._ledger.touched:
            self._check_account(token, owner, height)

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
                self._check_supply(token, height)
                self._check_sums(token, book, height)

    def is_issuer(self, token: bytes, accounts: Iterable[bytes | None], height: int) -> bool:
        """Whether one of the accounts issues the token; nobody can say so without a reader."""
        if self._reader is None:
            return True
        if token not in self._issuers:
            answer = self._ask(token, ISSUER, height)
            if answer is None:
                return False
            self._issuers[token] = answer.to_bytes(WORD, "big")[-ADDRESS_BYTES:]
        return self._issuers[token] in accounts

    def _check_supply(self, token: bytes, height: int) -> None:
        book = self._ledger.tokens[token]
        supply = self._ask(token, TOTAL_SUPPLY, height)
        if supply != book.supply:
            detail = f"{book.label}: the supply is {supply}, its logs say {book.supply}"
            self._findings.broken(Rule.SUPPLY, detail)

    def _check_sums(self, token: bytes, book: TokenLedger, height: int) -> None:
        positions = [self._check_account(token, owner, height) for owner in book.balances]
        total, held = (sum(column) for column in zip(*positions, strict=True))
        if total != self._ask(token, TOTAL_SUPPLY, height):
            detail = f"{book.label}: balances add up to {total}, not to the supply"
            self._findings.broken(Rule.SUPPLY, detail)
        if held != sum(book.pledged.values()):
            detail = f"{book.label}: {held} is held in all, open legs hold otherwise"
            self._findings.broken(Rule.HOLDS, detail)

    def _check_account(self, token: bytes, owner: bytes, height: int) -> tuple[int, int]:
        book = self._ledger.tokens[token]
        argument = owner.rjust(WORD, b"\x00")
        balance = self._ask(token, BALANCE_OF + argument, height)
        held = self._ask(token, HELD_OF + argument, height)
        who = f"{book.label} of 0x{owner.hex()}"
        if balance != (expected := book.balances.get(owner, 0)):
            self._findings.broken(Rule.SUPPLY, f"{who}: owns {balance}, its logs say {expected}")
        if held != (expected := book.held.get(owner, 0)):
            self._findings.broken(Rule.HOLDS, f"{who}: {held} is held, its logs say {expected}")
        return balance or 0, held or 0

    def _ask(self, token: bytes, data: bytes, height: int) -> int | None:
        """A number, or None when the token has no answer."""
        if self._reader is None:
            return None
        try:
            answer = self._reader.call(Call(to=token, data=data), at=Height(height))
        except ChainError:
            return None
        return int.from_bytes(answer, "big") if len(answer) == WORD else None
