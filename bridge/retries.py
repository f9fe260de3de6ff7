"""Retry or fatal, and after how long: the one place that decides it."""

from __future__ import annotations

from bridge.protocols.hold_decide import Reason, reason_of
from bridge.relay_view import LOST

FAILURES_MAX = 8
BACKOFF_MAX_S = 64

FATAL = frozenset({Reason.LEGS_CONTRADICTION, Reason.HUB_LATE_TO_COMMIT})
"""Refusals that no repetition can change."""


def retry_after_s(reason: str, failures: int) -> int | None:
    """How long to wait before the same call is made again; None when it never should be.

    What was lost on the way is always sent again; what was refused only so many times.
    """
    if reason_of(reason) in FATAL or (failures > FAILURES_MAX and reason != LOST):
        return None
    return int(min(2 ** (min(failures, FAILURES_MAX) - 1), BACKOFF_MAX_S))
