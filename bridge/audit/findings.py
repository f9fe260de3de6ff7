"""What the auditor tells: a rule that is broken, or an attempt that somebody should look at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What must hold after every block. The names are stable: scripts and reports rely on them."""

    DECISION_UNIQUE = "DECISION_UNIQUE"
    """A hub decides a trade once; the other decision never follows."""
    DECISION_BEFORE_HELD = "DECISION_BEFORE_HELD"
    """A hub commits only what it has opened and what every other chain, sealed, has held."""
    EXECUTION_WITHOUT_DECISION = "EXECUTION_WITHOUT_DECISION"
    """A leg is executed only after its hub has committed, in a block sealed by then."""
    RELEASE_WITHOUT_DECISION = "RELEASE_WITHOUT_DECISION"
    """A leg is released only after its hub has aborted, in a block sealed by then."""
    ONE_SIDED = "ONE_SIDED"
    """No leg of a trade is executed while another is released or refused."""
    HELD_TWICE = "HELD_TWICE"
    """The legs of a trade are held once on each chain, and never after a refusal."""
    SETTLED_UNHELD = "SETTLED_UNHELD"
    """Only legs that are held are executed or released."""
    DOUBLE_DELIVERY = "DOUBLE_DELIVERY"
    """A leg is executed or released once."""
    DELIVERY = "DELIVERY"
    """Tokens hold, execute and release exactly what the settlement contract says they did."""
    HOLDS = "HOLDS"
    """What a token holds of an account is the sum of that account's open legs, never negative."""
    SUPPLY = "SUPPLY"
    """Balances add up to the supply, and only the issuer's minting and burning change it."""
    TERMS = "TERMS"
    """A trade has the same terms on every chain."""
    CLIENT_FORK = "CLIENT_FORK"
    """A light client believes no block but that of the chain it follows."""
    FINALITY = "FINALITY"
    """A light client believes no block that is not sealed; a sealed block is never replaced."""
    BLOCK = "BLOCK"
    """A block's hash, parent, receipts root and logs follow from its own bytes."""
    MALFORMED = "MALFORMED"
    """Our contracts emit only logs that can be read, about their own chain."""


class Concern(StrEnum):
    """What is worth an alarm although nothing is broken."""

    CONTRADICTION = "CONTRADICTION"
    """Somebody showed an agent the opposite of a decision that it has carried out."""
    CLIENT_FROZEN = "CLIENT_FROZEN"
    """A light client saw two blocks at one height."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule, with the block that broke it."""

    name: Rule
    trade_id: bytes  # empty: the whole chain
    chain: str
    height: int
    detail: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """An attempt that was refused, or a halt; evidence for a human, no violation."""

    name: Concern
    trade_id: bytes  # empty: not about one trade, or not to be told which
    chain: str
    height: int
    detail: str


class Findings:
    """Collects violations while one block is audited; tells each, and each alarm, only once."""

    def __init__(self, chain: str) -> None:
        self.height = 0
        self.alarms: list[Alarm] = []
        self._chain = chain
        self._found: list[Violation] = []
        self._told: set[tuple[Rule | Concern, bytes, str]] = set()

    def broken(self, rule: Rule, detail: str, trade_id: bytes = b"") -> None:
        """Note a violation at the current height."""
        key = (rule, trade_id, detail)
        if key not in self._told:
            self._told.add(key)
            self._found.append(Violation(rule, trade_id, self._chain, self.height, detail))

    def alarm(self, concern: Concern, detail: str, trade_id: bytes = b"") -> None:
        """Note an alarm at the current height; who tries again and again fills no memory."""
        key = (concern, trade_id, detail)
        if key not in self._told:
            self._told.add(key)
            self.alarms.append(Alarm(concern, trade_id, self._chain, self.height, detail))

    def take(self) -> tuple[Violation, ...]:
        """What was found since it was asked last."""
        found = tuple(self._found)
        self._found.clear()
        return found
