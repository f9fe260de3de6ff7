"""Every widget has a name, for tests and for assistive technology's scripts."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject

Named = TypeVar("Named", bound=QObject)


def named(made: Named, name: str) -> Named:
    """``made``, by this name from now on."""
    made.setObjectName(name)
    return made
