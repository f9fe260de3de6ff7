"""The seat of the run's relayer: whoever sits in it can be replaced at any moment.

Who leaves it to another account still sees to the calls that it has sent. Where one is lost, all
that this account sends later waits for its nonce, and only who signed it can send it again.
"""

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

    def finish(self, now_s: int) -> Iterator[Event]:
        """Carry nothing new; send again what was lost of what is on its way."""
        ...

    def close(self) -> None:
        """Bring the outbox up to date. Raises OutboxFault."""
        ...


@dataclass(slots=True)
class RelayerSeat:
    """One relayer at a time; ``make`` gives a new one that pays from the account named."""

    make: Callable[[str], Sitter]
    _account_of: str = field(default=RELAYER, init=False)
    _sitting: Sitter = field(init=False)
    _left: dict[str, Sitter] = field(default_factory=dict, init=False)  # by account

    def __post_init__(self) -> None:
        self._sitting = self.make(RELAYER)

    def step(self, now_s: int) -> Iterator[Event]:
        """Let whoever sits here relay, and who has left finish."""
        for sitter in self._left.values():
            yield from sitter.finish(now_s)
        yield from self._sitting.step(now_s)

    def replace(self, account_of: str = RELAYER) -> None:
        """Put a new relayer in the place of the old: it has the outbox and reads the chains."""
        self._left[self._account_of] = self._sitting
        self._left.pop(account_of, None)  # the new one has its outbox
        self._account_of, self._sitting = account_of, self.make(account_of)

    def close(self) -> None:
        """Bring the outboxes up to date. Raises OutboxFault."""
        for sitter in (*self._left.values(), self._sitting):
            sitter.close()
