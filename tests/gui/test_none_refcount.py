from __future__ import annotations

import sys

from PySide6.QtCore import QObject

CALLS = 500


def test_qt_calls_that_return_nothing_keep_their_hands_off_none() -> None:
    """PySide6 6.12.0 on Python 3.11 lost a reference to None a call, and then the process."""
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        thing.setObjectName("canary")
    assert abs(sys.getrefcount(None) - before) < CALLS / 10
