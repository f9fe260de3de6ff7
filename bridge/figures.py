"""Amounts and times as people read them; the same in tables, reports and messages."""

from __future__ import annotations

from bridge.amounts import grouped_text
from bridge.readmodel import ReadModel


def figure(model: ReadModel, instrument: str, minor: int) -> str:
    """An amount in the instrument's decimals, with thousands apart."""
    listed = model.instruments.get(instrument)
    return grouped_text(minor, listed.minor_units if listed else 0)


def amount(model: ReadModel, instrument: str, minor: int) -> str:
    """An amount with its instrument's code."""
    return f"{figure(model, instrument, minor)} {instrument}"


def seconds(at_ms: int) -> str:
    """A virtual moment."""
    return f"{at_ms / 1000:.1f} s"
