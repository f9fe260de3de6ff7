"""Text from outside made safe to show: nothing in it can hide, reorder or command anything.

Names come from files, revert reasons from contracts that may be hostile. Control, formatting and
bidirectional characters are shown by their number, and nothing is endless. Whoever writes HTML or
XML escapes besides.
"""

from __future__ import annotations

import unicodedata
from typing import Final

SHOWN_MAX: Final = 300


def plain(text: str, limit: int = SHOWN_MAX) -> str:
    """The text with every invisible character spelt out, cut at ``limit`` characters."""
    shown = text if len(text) <= limit else f"{text[: limit - 1]}\N{HORIZONTAL ELLIPSIS}"
    return "".join(_visible(character) for character in shown)


def plain_lines(text: str, limit: int = 20_000) -> str:
    """The same for text of several lines."""
    return "\n".join(plain(line, limit) for line in text[:limit].split("\n"))


def _visible(character: str) -> str:
    is_hidden = unicodedata.category(character)[0] == "C" or character in "\u2028\u2029"
    return f"<U+{ord(character):04X}>" if is_hidden else character
