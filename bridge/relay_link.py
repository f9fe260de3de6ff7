"""A light client as the relayer knows it: what it trusts, what it knows, what is on its way."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field

from bridge.model import Address, ChainId

KNOWN_HEIGHTS_MAX = 4096


@dataclass(frozen=True, slots=True)
class SetChange:
    """A header that names another validator set than the one before it."""

    height: int
    previous: tuple[Address, ...]


@dataclass(slots=True)
class Link:
    """A light client on ``destination`` that follows ``source``, as the relayer knows it."""

    source: ChainId
    destination: ChainId
    trusted_since: int = 0  # headers below are refused
    is_frozen: bool = False
    changes: deque[SetChange] = field(default_factory=deque)  # not accepted yet, ascending
    in_flight: set[int] = field(default_factory=set)
    failures: int = 0
    not_before_s: int = 0
    _known: OrderedDict[int, None] = field(default_factory=OrderedDict)

    def must_follow(self, change: SetChange) -> None:
        """A set change is to be carried, unless somebody has done so already."""
        if change.height > self.trusted_since:
            self.changes.append(change)

    def accept(self, height: int) -> None:
        """The client believes this header."""
        self._known[height] = None
        while len(self._known) > KNOWN_HEIGHTS_MAX:
            self._known.popitem(last=False)
        self.failures = 0
        if any(change.height == height for change in self.changes):
            self.trust_from(height)

    def trust_from(self, height: int) -> None:
        """The client trusts the set of this height, and no older one."""
        self.trusted_since = max(self.trusted_since, height)
        while self.changes and self.changes[0].height <= height:
            self.changes.popleft()

    def knows(self, height: int) -> bool:
        """True when a proof against this height needs no header any more."""
        return height in self._known

    def can_learn(self, height: int) -> bool:
        """True when a header of this height can still be shown to the client.

        A set change that is on its way counts as made: it will be in a block before ours.
        """
        coming = [c.height for c in self.changes if c.height in self.in_flight]
        return height >= max([self.trusted_since, *coming])

    def previous_set(self, height: int) -> tuple[Address, ...]:
        """The set that the client trusts before this header, if the header changes it."""
        return next((c.previous for c in self.changes if c.height == height), ())
