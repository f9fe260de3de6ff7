"""What the settlement contract says of holds in one transaction, beside what tokens did in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bridge.audit.facts import HoldMoved, Transferred, Verb
from bridge.audit.words import Leg


class Move(NamedTuple):
    """One hold placed, executed or released."""

    verb: Verb
    token: bytes
    sender: bytes
    receiver: bytes
    amount: int

    @property
    def opposite(self) -> Move:
        """The same hold, ended the other way."""
        verb = Verb.RELEASED if self.verb is Verb.EXECUTED else Verb.EXECUTED
        return Move(verb, self.token, self.sender, self.receiver, self.amount)


class Claim(NamedTuple):
    """What the settlement contract says was done for a trade."""

    trade_id: bytes
    move: Move


@dataclass(frozen=True, slots=True)
class Discord:
    """A claim that its token did not fulfil, and the opposite that it did instead, if it did."""

    claim: Claim
    instead: Move | None


class Moves:
    """Both sides of one transaction."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []
        self._done: dict[Move, int] = {}  # how often
        self._paid: dict[Move, int] = {}

    def claim(self, trade_id: bytes, verb: Verb, leg: Leg) -> None:
        """The settlement contract speaks of a leg."""
        move = Move(verb, leg.token, leg.sender, leg.receiver, leg.amount)
        self.claims.append(Claim(trade_id, move))

    def record(self, token: bytes, fact: HoldMoved | Transferred) -> None:
        """A token says what it does."""
        if isinstance(fact, HoldMoved):
            move = Move(fact.verb, token, fact.sender, fact.receiver, fact.amount)
            book = self._done
        else:
            move = Move(Verb.EXECUTED, token, fact.sender, fact.receiver, fact.amount)
            book = self._paid
        book[move] = book.get(move, 0) + 1

    def unpaid(self) -> list[Move]:
        """Holds executed without the balance moving along."""
        return [
            move
            for move, count in self._done.items()
            if move.verb is Verb.EXECUTED and count > self._paid.get(move, 0)
        ]

    def reconcile(self) -> tuple[list[Discord], list[Move]]:
        """Claims that no token fulfilled, and moves that nobody claimed."""
        left = dict(self._done)
        discords = []
        for claim in self.claims:
            if not _take(left, claim.move):
                instead = claim.move.opposite if _take(left, claim.move.opposite) else None
                discords.append(Discord(claim, instead))
        return discords, [move for move, count in left.items() if count > 0]

    def claimant(self, move: Move) -> bytes:
        """The trade that claimed this very move, empty when none did."""
        return next((claim.trade_id for claim in self.claims if claim.move == move), b"")


def _take(left: dict[Move, int], move: Move) -> bool:
    count = left.get(move, 0)
    if count:
        left[move] = count - 1
    return count > 0
