"""Python's garbage collector while a run is on: it keeps nearly all that it makes."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

COLLECTING_AFTER: Final = 100_000
"""So many more objects than before; some tens of megabytes at most."""


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Look for garbage seldom: as often as usual, it takes a tenth of a run's time.

    It is a setting of the whole process, so it is for programs to choose, not for a testbed.
    """
    before = gc.get_threshold()
    gc.set_threshold(COLLECTING_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)
