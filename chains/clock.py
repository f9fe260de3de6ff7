"""The one virtual clock: chains, participants, relayer and timers all read it.

Time is whole milliseconds and moves only when somebody advances it. Timers that are due together
run in the order in which they were set, so a run has one order of events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import NamedTuple, NewType

TimerId = NewType("TimerId", int)
MS_PER_S = 1_000


class BackwardTime(ValueError):
    """A timer in the past, or a clock asked to go back."""


class _Timer(NamedTuple):
    due_ms: int
    number: TimerId


@dataclass(frozen=True, slots=True)
class ClockState:
    """What a clock is at one moment: to be restored later."""

    now_ms: int
    next_number: int
    timers: tuple[tuple[int, TimerId, Callable[[], None]], ...]


class Clock:
    """Virtual time with timers."""

    __slots__ = ("_actions", "_next_number", "_now_ms", "_queue")

    def __init__(self, now_ms: int = 0) -> None:
        self._now_ms = now_ms
        self._next_number = 0
        self._queue: list[_Timer] = []
        self._actions: dict[TimerId, Callable[[], None]] = {}  # a cancelled timer has none

    @property
    def now_ms(self) -> int:
        return self._now_ms

    @property
    def now_s(self) -> int:
        """Whole seconds, as block headers count."""
        return self._now_ms // MS_PER_S

    @property
    def next_due_ms(self) -> int | None:
        """When the next timer is due, or None when there is none."""
        while self._queue and self._queue[0].number not in self._actions:
            heappop(self._queue)
        return self._queue[0].due_ms if self._queue else None

    def at(self, due_ms: int, action: Callable[[], None]) -> TimerId:
        """Run ``action`` when it is ``due_ms``. Raises BackwardTime."""
        if due_ms < self._now_ms:
            raise BackwardTime(f"a timer for {due_ms} ms at {self._now_ms} ms")
        number = TimerId(self._next_number)
        self._next_number += 1
        self._actions[number] = action
        heappush(self._queue, _Timer(due_ms, number))
        return number

    def after(self, delay_ms: int, action: Callable[[], None]) -> TimerId:
        """Run ``action`` in ``delay_ms``. Raises BackwardTime."""
        return self.at(self._now_ms + delay_ms, action)

    def cancel(self, timer: TimerId) -> None:
        """Forget a timer; one that has run or was cancelled is forgotten already."""
        self._actions.pop(timer, None)

    def step(self) -> bool:
        """Go to the next timer and run it; False when there is none."""
        due_ms = self.next_due_ms
        if due_ms is None:
            return False
        timer = heappop(self._queue)
        self._now_ms = due_ms
        self._actions.pop(timer.number)()
        return True

    def advance_to(self, until_ms: int) -> None:
        """Run every timer due by ``until_ms``, also those set on the way. Raises BackwardTime."""
        if until_ms < self._now_ms:
            raise BackwardTime(f"{until_ms} ms is before {self._now_ms} ms")
        while (due_ms := self.next_due_ms) is not None and due_ms <= until_ms:
            self.step()
        self._now_ms = until_ms

    def snapshot(self) -> ClockState:
        """What to restore later."""
        waiting = sorted(timer for timer in self._queue if timer.number in self._actions)
        return ClockState(
            self._now_ms,
            self._next_number,
            tuple((timer.due_ms, timer.number, self._actions[timer.number]) for timer in waiting),
        )

    def restore(self, state: ClockState) -> None:
        """Become what the clock was."""
        self._now_ms = state.now_ms
        self._next_number = state.next_number
        self._queue = [_Timer(due_ms, number) for due_ms, number, _ in state.timers]
        self._actions = {number: action for _, number, action in state.timers}
        heapify(self._queue)
