"""Python's garbage collector while a run is on: it keeps nearly all that it makes."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

COLLECTING_AFTER: Final = 2_000_000
"""So many more objects than before. Of 350,000 that a run of 2,500 trades makes, 15 are garbage."""


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Look for garbage seldom, and not among what is there already.

    As often as usual, looking takes a tenth of a run's time and finds next to nothing. It is a
    setting of the whole process, so it is for programs to choose, not for a testbed.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(COLLECTING_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
