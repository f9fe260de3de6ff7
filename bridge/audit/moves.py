"""What the settlement contract says of holds in one transaction, beside what tokens did in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bridge.audit.facts import HoldMoved, Transferred, Verb
from bridge.audit.words import Leg


@dataclass(frozen=True, slots=True)
class Move:
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


@dataclass(frozen=True, slots=True)
class Claim:
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
        self._done: Counter[Move] = Counter()
        self._paid: Counter[Move] = Counter()

    def claim(self, trade_id: bytes, verb: Verb, leg: Leg) -> None:
        """The settlement contract speaks of a leg."""
        move = Move(verb, leg.token, leg.sender, leg.receiver, leg.amount)
        self.claims.append(Claim(trade_id, move))

    def record(self, token: bytes, fact: HoldMoved | Transferred) -> None:
        """A token says what it does."""
        if isinstance(fact, HoldMoved):
            self._done[Move(fact.verb, token, fact.sender, fact.receiver, fact.amount)] += 1
        else:
            paid = Move(Verb.EXECUTED, token, fact.sender, fact.receiver, fact.amount)
            self._paid[paid] += 1

    def unpaid(self) -> list[Move]:
        """Holds executed without the balance moving along."""
        return [
            move
            for move, count in self._done.items()
            if move.verb is Verb.EXECUTED and count > self._paid[move]
        ]

    def reconcile(self) -> tuple[list[Discord], list[Move]]:
        """Claims that no token fulfilled, and moves that nobody claimed."""
        left = Counter(self._done)
        discords = []
        for claim in self.claims:
            if not _take(left, claim.move):
                instead = claim.move.opposite if _take(left, claim.move.opposite) else None
                discords.append(Discord(claim, instead))
        return discords, [move for move, count in left.items() if count > 0]

    def claimant(self, move: Move) -> bytes:
        """The trade that claimed this very move, empty when none did."""
        return next((claim.trade_id for claim in self.claims if claim.move == move), b"")


def _take(left: Counter[Move], move: Move) -> bool:
    is_there = left[move] > 0
    left[move] -= is_there
    return is_there
