"""The auditor's own books of the tokens of one chain, kept from their logs alone.

``pledged`` is kept from the trades instead: what their open legs say is held of an account. Both
must agree with each other after every block, and with the token itself (``bridge.audit.recount``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.audit.facts import HoldMoved, Transferred, Verb
from bridge.audit.findings import Findings, Rule

NOBODY = bytes(20)


@dataclass(slots=True)
class TokenLedger:
    """One token; amounts by account, in minor units."""

    label: str
    supply: int = 0
    balances: dict[bytes, int] = field(default_factory=dict)
    held: dict[bytes, int] = field(default_factory=dict)
    pledged: dict[bytes, int] = field(default_factory=dict)

    def transfer(self, fact: Transferred) -> None:
        """Move a balance; minting and burning change the supply."""
        if fact.sender == NOBODY:
            self.supply += fact.amount
        else:
            _add(self.balances, fact.sender, -fact.amount)
        if fact.receiver == NOBODY:
            self.supply -= fact.amount
        else:
            _add(self.balances, fact.receiver, fact.amount)

    def move_hold(self, fact: HoldMoved) -> None:
        """Place or end a hold."""
        _add(self.held, fact.sender, fact.amount if fact.verb is Verb.PLACED else -fact.amount)

    def pledge(self, owner: bytes, amount: int) -> None:
        """Count an open leg; negative when it is open no more."""
        _add(self.pledged, owner, amount)

    def position(self, owner: bytes) -> tuple[int, int]:
        """What an account owns and what is held of it."""
        return self.balances.get(owner, 0), self.held.get(owner, 0)

    def check(self, owner: bytes, findings: Findings) -> None:
        """What must hold of one account after a block."""
        balance, held = self.position(owner)
        pledged = self.pledged.get(owner, 0)
        if 0 <= held == pledged <= balance:  # as in nearly all blocks
            return
        who = f"{self.label} of 0x{owner.hex()}"
        if balance < 0:
            findings.broken(Rule.SUPPLY, f"{who}: more was spent than owned, by {-balance}")
        if not 0 <= held <= max(balance, 0):
            findings.broken(Rule.HOLDS, f"{who}: {held} is held of {balance}")
        if held != pledged:
            findings.broken(Rule.HOLDS, f"{who}: {held} is held, open legs hold {pledged}")


class Ledger:
    """The tokens of one chain, and whose accounts the current block has touched."""

    def __init__(self, labels: Mapping[bytes, str]) -> None:
        self.tokens = {address: TokenLedger(label) for address, label in labels.items()}
        self.touched: dict[tuple[bytes, bytes], None] = {}  # token, account; in order

    def apply(self, token: bytes, fact: Transferred | HoldMoved) -> None:
        """Book one log of a token."""
        for owner in (fact.sender, fact.receiver):
            if owner != NOBODY:
                self.touched[token, owner] = None
        if isinstance(fact, Transferred):
            self.tokens[token].transfer(fact)
        else:
            self.tokens[token].move_hold(fact)

    def pledge(self, token: bytes, owner: bytes, amount: int) -> None:
        """Book an open leg; tokens that nobody asked to watch are left alone."""
        if token in self.tokens:
            if owner != NOBODY:
                self.touched[token, owner] = None
            self.tokens[token].pledge(owner, amount)

    def check(self, findings: Findings) -> None:
        """What must hold of the accounts touched."""
        for token, owner in self.touched:
            self.tokens[token].check(owner, findings)


def _add(book: dict[bytes, int], owner: bytes, amount: int) -> None:
    book[owner] = book.get(owner, 0) + amount
