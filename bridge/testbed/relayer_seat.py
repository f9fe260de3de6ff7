"""The seat of the run's relayer: whoever sits in it can be replaced at any moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from bridge.events import Event
from bridge.testbed.world import RELAYER


class Relays(Protocol):
    """The relayer's port."""

    def step(self, now_s: int) -> Iterator[Event]:
        """Carry what has to be carried now; what was sent comes back as journal events."""
        ...


class Sitter(Relays, Protocol):
    """A relayer with an outbox of its own."""

    def close(self) -> None:
        """Bring the outbox up to date. Raises OutboxFault."""
        ...


@dataclass(slots=True)
class RelayerSeat:
    """One relayer at a time; ``make`` gives a new one that pays from the account named."""

    make: Callable[[str], Sitter]
    _sitting: Sitter = field(init=False)

    def __post_init__(self) -> None:
        self._sitting = self.make(RELAYER)

    def step(self, now_s: int) -> Iterator[Event]:
        """Let whoever sits here relay."""
        yield from self._sitting.step(now_s)

    def replace(self, account_of: str = RELAYER) -> None:
        """Put a new relayer in the place of the old: it has the outbox and reads the chains."""
        self._sitting = self.make(account_of)

    def close(self) -> None:
        """Bring the outbox up to date. Raises OutboxFault."""
        self._sitting.close()
