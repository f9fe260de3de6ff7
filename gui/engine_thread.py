"""The one thread that computes, so that the window never waits.

Work is handed over one piece at a time and its result is polled for; nothing is called back. What a
piece raises stays in its future, whatever it is: the window looks at it and lives on.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Generic, TypeVar

Result = TypeVar("Result")

SWITCH_INTERVAL_S: Final = 0.001
"""How long the engine may keep Python to itself while the window has something to do."""


class EngineThread(Generic[Result]):
    """A queue of work for one thread; results come back in the order of the work."""

    def __init__(self) -> None:
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
        self._futures: deque[Future[Result]] = deque()

    @property
    def is_busy(self) -> bool:
        """True while some work has not been polled for."""
        return bool(self._futures)

    def submit(self, work: Callable[[], Result]) -> None:
        """Have ``work`` done after all that was submitted before."""
        self._futures.append(self._executor.submit(work))

    def poll(self) -> Future[Result] | None:
        """The oldest work that is done, or None."""
        if not self._futures or not self._futures[0].done():
            return None
        return self._futures.popleft()

    def forget(self) -> None:
        """Drop what has not begun, and the result of what has."""
        for future in self._futures:
            future.cancel()
        self._futures.clear()

    def close(self, wait: bool = True) -> None:
        """End the thread after the piece of work it is at."""
        self.forget()
        self._executor.shutdown(wait=wait, cancel_futures=True)
