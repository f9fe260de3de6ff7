"""The languages of the desktop: English in the source, the others in a catalogue beside this.

``tr`` looks up a whole sentence by its English text and fills in its fields. ``mark`` names a text
that is looked up elsewhere, so that the test of completeness finds it. Qt is told only that the
language has changed (see ``gui.app``); a lookup needs no widget and no context.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path


class Language(StrEnum):
    """The value is Qt's name of the locale."""

    ENGLISH = "en"
    CHINESE = "zh_CN"

    @property
    def own_name(self) -> str:
        """What a language calls itself; the same in all languages."""
        return {"en": "English", "zh_CN": "简体中文"}[self.value]


_current = Language.ENGLISH


def current_language() -> Language:
    """The language that texts come in."""
    return _current


def use_language(language: Language) -> None:
    """Have every later ``tr`` answer in ``language``."""
    global _current
    _current = language


def tr(text: str, /, **fields: object) -> str:
    """The text in the current language, its ``{fields}`` filled in."""
    found = catalogue(_current).get(text, text)
    return found.format(**fields) if fields else found


def mark(text: str) -> str:
    """The text itself; it will be shown through ``tr``."""
    return text


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """English text to ``language``; empty for English."""
    if language is Language.ENGLISH:
        return {}
    path = Path(__file__).with_name(f"{language.value}.json")
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return texts
