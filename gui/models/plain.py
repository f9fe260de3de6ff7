"""Any frozen record as text and numbers: what may cross from the engine to the window."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum, IntEnum

from gui.models.facts import Happening, Plain


def happening_of(sequence: int, at_ms: int, event: object) -> Happening:
    """An event by its name and values. Raises TypeError when it is no record of plain values."""
    if not is_dataclass(event):
        raise TypeError(f"{type(event).__name__} is no record")
    values = {field.name: plain(getattr(event, field.name)) for field in fields(event)}
    return Happening(sequence, at_ms, type(event).__name__, values)


def plain(value: object) -> Plain:
    """Enums by their words, bytes in hex, records as tuples of their values."""
    match value:
        case IntEnum():
            return value.name.lower()
        case Enum():
            return str(value.value)
        case bytes():
            return value.hex()
        case tuple():
            return tuple(plain(each) for each in value)
        case str() | int():
            return value
        case None:
            return ""
        case _ if is_dataclass(value):
            return tuple(plain(getattr(value, field.name)) for field in fields(value))
        case _:
            raise TypeError(f"{type(value).__name__} is no plain value")
