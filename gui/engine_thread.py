"""The one thread that computes, so that the window never waits.

Work is handed over one piece at a time and its result is polled for; nothing is called back. What a
piece raises is told there and then, on the thread, so that nothing of a broken run leaves it.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Generic, TypeVar

from gui.models.facts import Problem

Result = TypeVar("Result")

SWITCH_INTERVAL_S: Final = 0.001
"""How long the engine may keep Python to itself while the window has something to do."""


class Telling:
    """Turns what its block raises into a problem; exits and interrupts pass."""

    def __init__(self, tell: Callable[[BaseException], Problem]) -> None:
        self._tell = tell
        self.problem: Problem | None = None

    def __enter__(self) -> Telling:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.problem = self._tell(error)
        return True


class EngineThread(Generic[Result]):
    """A queue of work for one thread; results come back in the order of the work."""

    def __init__(self, tell: Callable[[BaseException], Problem]) -> None:
        """Let ``tell`` say what an error means."""
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self._tell = tell
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
        self._is_closed = False
        self._futures: deque[Future[Result | Problem]] = deque()

    @property
    def is_busy(self) -> bool:
        """True while some work has not been polled for."""
        return bool(self._futures)

    def submit(self, work: Callable[[], Result]) -> None:
        """Have ``work`` done after all that was submitted before."""
        self._futures.append(self._executor.submit(self._done, work))

    def poll(self) -> Result | Problem | None:
        """What the oldest work came to, once it is done; None until then."""
        if not self._futures or not self._futures[0].done():
            return None
        return self._futures.popleft().result()

    def forget(self) -> None:
        """Drop what has not begun, and the result of what has."""
        for future in self._futures:
            future.cancel()
        self._futures.clear()

    def close(self, last: Callable[[], None]) -> None:
        """Have ``last`` done after the piece of work at hand, and end the thread."""
        if self._is_closed:
            return
        self._is_closed = True
        self.forget()
        self._executor.submit(last)
        self._executor.shutdown(wait=True)

    def _done(self, work: Callable[[], Result]) -> Result | Problem:
        with Telling(self._tell) as telling:
            return work()
        return telling.problem or Problem("E-INTERNAL-DESKTOP", "stopped")
