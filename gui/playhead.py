"""The moment of virtual time that is on screen, and how fast it moves.

The engine computes whole seconds; the playhead shows what lies in them at the chosen speed, so
that a packet is seen on its way. It never passes what is computed, and asks for more in time.
"""

from __future__ import annotations

from typing import Final

SPEEDS: Final = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
"""Virtual seconds a second of ours; the last two outrun most machines, and then wait for them."""

LOOKAHEAD_MS: Final = 1000
FRAME_LIMIT_MS: Final = 250
"""A stalled window goes on where it was instead of leaping."""


class Playhead:
    """Pure arithmetic: no clock is read here."""

    def __init__(self) -> None:
        self.speed = 1.0
        self._now_ms = 0.0
        self._computed_ms = 0

    @property
    def now_ms(self) -> int:
        """The moment on screen."""
        return int(self._now_ms)

    @property
    def is_at_end(self) -> bool:
        """True when all that is computed is on screen."""
        return self.now_ms >= self._computed_ms

    @property
    def wanted_ms(self) -> int:
        """How far the engine should have computed by now: a second ahead, more when it is fast."""
        return self.now_ms + int(LOOKAHEAD_MS * max(1.0, self.speed / 10))

    @property
    def wants_more(self) -> bool:
        """True when the engine should go on."""
        return self._computed_ms < self.wanted_ms

    def computed_to(self, at_ms: int) -> None:
        """The engine has come this far."""
        self._computed_ms = max(self._computed_ms, at_ms)

    def advance(self, wall_ms: float) -> None:
        """Move by so much time of ours."""
        step_ms = min(wall_ms, FRAME_LIMIT_MS) * self.speed
        self._now_ms = min(self._now_ms + step_ms, float(self._computed_ms))

    def go_to(self, at_ms: int) -> None:
        """Move to a moment at or before what is computed."""
        self._now_ms = float(min(max(at_ms, self.now_ms), self._computed_ms))

    def restart(self) -> None:
        """Stand at the beginning of another run."""
        self._now_ms, self._computed_ms = 0.0, 0
