"""Amounts, hashes and moments as people read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

HASH_DIGITS: Final = 8


def amount_text(minor: int, minor_units: int) -> str:
    """Minor units with thousands separators: 55248619 with two decimals is ``552,486.19``."""
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(minor_units + 1, "0")
    if not minor_units:
        return f"{sign}{int(digits):,}"
    return f"{sign}{int(digits[:-minor_units]):,}.{digits[-minor_units:]}"


def short_hash(text: str) -> str:
    """The first digits of a hash in hex."""
    return text[:HASH_DIGITS]


def clock_text(epoch_s: int, at_ms: int) -> str:
    """A moment of the run as its simulated time of day, in UTC."""
    return datetime.fromtimestamp(epoch_s + at_ms // 1000, UTC).strftime("%H:%M:%S")
