"""A rich table of short texts, measured and drawn in one go.

rich measures and wraps each cell on its own, which takes seconds for the timelines of some hundred
trades. Here it is asked only for what has to be wrapped; the lines are the same. A table with more
than printable ASCII in it, whose characters may be two columns wide, is left to rich as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style
from rich.table import Column, Table
from rich.text import Text
from typing_extensions import override

PADDING: Final = 2
"""A space on each side of a cell."""

_PLAIN: Final = Style.null()


@dataclass(frozen=True, slots=True)
class _Cell:
    """The lines of a cell before any is wrapped, and how they look."""

    lines: Sequence[str]
    style: Style

    @classmethod
    def of(cls, content: RenderableType, console: Console, style: Style) -> _Cell | None:
        """A cell of printable ASCII in one style; None for any other."""
        if isinstance(content, Text):
            if content.spans:
                return None
            style, content = style + console.get_style(content.style), content.plain
        if not isinstance(content, str) or not content.isascii():
            return None
        lines = content.split("\n")
        is_printable = all(line.isprintable() for line in lines)
        return cls(lines, style) if is_printable and content == content.strip() else None


_Row: TypeAlias = tuple[_Cell, ...]
_Grid: TypeAlias = list[list[_Cell]]
"""The columns, each with its head first."""


class QuickTable(Table):
    """A table with a head and without lines between its rows; cells are texts."""

    def __init__(self, title: str) -> None:
        super().__init__(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
        self._grid: _Grid | None = None

    @override
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        self._grid = self._read(console)
        yield from super().__rich_console__(console, options)

    @override
    def _measure_column(
        self, console: Console, options: ConsoleOptions, column: Column
    ) -> Measurement:
        if self._grid is None or options.max_width <= PADDING:
            return super()._measure_column(console, options, column)
        lines = [line for cell in self._grid[column._index] for line in cell.lines]
        longest = max(map(len, lines))
        longest_word = max((len(word) for line in lines for word in line.split()), default=longest)
        return Measurement(longest_word + PADDING, longest + PADDING).with_maximum(
            options.max_width
        )

    @override
    def _render(self, console: Console, options: ConsoleOptions, widths: list[int]) -> RenderResult:
        if self._grid is None or min(widths) <= PADDING:
            yield from super()._render(console, options, widths)
            return
        drawn = box.SIMPLE_HEAD.substitute(options, safe=console.safe_box)
        yield Segment(f"{drawn.get_top(widths)}\n")
        head, *rows = zip(*self._grid, strict=True)
        yield from _joined(head, self._blocks(head, widths, console, is_head=True))
        yield Segment(f"{drawn.get_row(widths, 'head')}\n")
        for row in rows:
            yield from _joined(row, self._blocks(row, widths, console))
        yield Segment(f"{drawn.get_bottom(widths)}\n")

    def _read(self, console: Console) -> _Grid | None:
        head = console.get_style("table.header")
        grid: _Grid = []
        for column in self.columns:
            cells = [_Cell.of(column.header, console, head)]
            cells += [_Cell.of(content, console, _PLAIN) for content in column.cells]
            read = [cell for cell in cells if cell is not None]
            if len(read) < len(cells):
                return None
            grid.append(read)
        return grid

    def _blocks(
        self, row: _Row, widths: Sequence[int], console: Console, *, is_head: bool = False
    ) -> list[list[str]]:
        """Each cell's lines in the column's width; heads stand at the bottom, all others on top."""
        wrapped = [
            _wrapped(cell.lines, w - PADDING, console) for cell, w in zip(row, widths, strict=True)
        ]
        height = max(map(len, wrapped))
        blocks = []
        for lines, width, column in zip(wrapped, widths, self.columns, strict=True):
            room, missing = width - PADDING, [""] * (height - len(lines))
            stacked = (*missing, *lines) if is_head else (*lines, *missing)
            side = str.rjust if column.justify == "right" else str.ljust
            blocks.append([side(line, room) for line in stacked])
        return blocks


def _joined(row: _Row, blocks: Sequence[Sequence[str]]) -> Iterator[Segment]:
    is_plain = not any(cell.style for cell in row)
    for line in zip(*blocks, strict=True):
        if is_plain:
            yield Segment(f"  {'   '.join(line)}  \n")
            continue
        yield Segment("  ")
        for place, (text, cell) in enumerate(zip(line, row, strict=True)):
            yield Segment(text, cell.style)
            yield Segment("   " if place < len(row) - 1 else "  \n")


def _wrapped(lines: Sequence[str], room: int, console: Console) -> Sequence[str]:
    if all(len(line) <= room for line in lines):
        return lines
    broken: list[str] = []
    for line in lines:
        if len(line) <= room:
            broken.append(line)
        else:
            broken += (
                part.plain.rstrip() for part in Text(line).wrap(console, room, overflow="fold")
            )
    return broken
