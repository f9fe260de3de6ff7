"""Where in a TOML text each key stands, so that a fault can name a line.

``tomllib`` keeps no positions. This scan does not judge the text, which has been parsed already; it
knows just enough of TOML to count lines: headers, keys, strings, comments, arrays, inline tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]

TOKENS_MAX: Final = 100_000
"""Beyond this a key is told without its line: some thousand trades, or a hostile text."""

_TOKEN: Final = re.compile(
    r'(?P<word>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|[^\s\[\]{}=,.\"'\#]+)|(?P<comment>\#[^\n]*)|(?P<newline>\n)|(?P<mark>[\[\]{}=,])",
    re.DOTALL,
)


@dataclass(slots=True)
class _Open:
    """A table, or a bracket not yet closed: its path, and the key or item it has come to."""

    path: Path
    is_array: bool = False
    index: int = 0
    key: list[str] = field(default_factory=list)

    @property
    def here(self) -> Path:
        return (*self.path, self.index) if self.is_array else (*self.path, *self.key)


def key_lines(text: str) -> Mapping[Path, int]:
    """The line, from 1, of each key and of each item of an array."""
    scan, line = _Scan(), 1
    for match in islice(_TOKEN.finditer(text + "\n"), TOKENS_MAX):
        token, kind = match.group(), match.lastgroup
        if kind == "word":
            scan.word(token, line)
        elif kind == "newline":
            scan.end_of_line(line)
        elif kind == "mark":
            scan.mark(token, line)
        line += token.count("\n")
    return scan.lines


class _Scan:
    """What is open at one point of the text, and the lines found so far."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self._rows: dict[Path, int] = {}
        self._stack = [_Open(())]
        self._header: list[str] | None = None
        self._is_value = False

    def word(self, token: str, line: int) -> None:
        top = self._stack[-1]
        if self._header is not None:
            self._header.append(_bare(token))
        elif top.is_array:
            self.lines.setdefault(top.here, line)
        elif not self._is_value:
            top.key.append(_bare(token))

    def end_of_line(self, line: int) -> None:
        if self._header is not None:
            path = self._table(self._header)
            for depth in range(1, len(path) + 1):
                self.lines.setdefault(path[:depth], line)
            self._stack, self._header = [_Open(path)], None
        elif len(self._stack) == 1:
            self._is_value, self._stack[0].key = False, []

    def mark(self, token: str, line: int) -> None:
        top = self._stack[-1]
        if self._header is not None:
            self._header += [token] if token == "[" else []
        elif token == "[" and len(self._stack) == 1 and not self._is_value:
            self._header = []
        elif token == ",":
            top.index, top.key, self._is_value = top.index + 1, [], top.is_array
        elif token in "]}":
            self._stack = self._stack[:-1] or self._stack
            self._is_value = True
        else:
            self.lines.setdefault(top.here, line)
            if token in "[{":
                self._stack.append(_Open(top.here, is_array=token == "["))
            self._is_value = token != "{"

    def _table(self, header: list[str]) -> Path:
        """What ``[a.b]`` or ``[[a.b]]`` opens; an array of tables goes on to its next row."""
        is_row, words = header[:1] == ["["], [word for word in header if word != "["]
        path: Path = ()
        for depth, word in enumerate(words, 1):
            path = (*path, word)
            if is_row and depth == len(words):
                self._rows[path] = self._rows.get(path, -1) + 1
            if path in self._rows:
                path = (*path, self._rows[path])
        return path


def _bare(token: str) -> str:
    return token[1:-1] if token[0] in "'\"" else token
