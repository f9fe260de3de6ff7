"""A quick table looks exactly as rich draws the same table."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from rich import box
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from bridge.commandline.quick_table import QuickTable

WORDS = "abc de f,g 12,345.67 -"
texts = st.one_of(
    st.text(alphabet=WORDS + "\n", max_size=60),
    st.text(alphabet=WORDS, max_size=20),
    st.sampled_from(["", "one\ntwo two", "a" * 50, "é", "交收", "\t", "[b]no markup[/b]", ":+1:"]),
)
cells = st.one_of(texts, st.builds(Text, texts, st.sampled_from(["", "green", "bold red"])))
tables = st.integers(1, 4).flatmap(
    lambda count: st.tuples(
        st.lists(st.tuples(texts, st.booleans()), min_size=count, max_size=count),
        st.lists(st.lists(cells, min_size=count, max_size=count), max_size=4),
    )
)


def filled(
    table: Table, columns: Sequence[tuple[str, bool]], rows: Sequence[Sequence[RenderableType]]
) -> Table:
    for name, is_right in columns:
        table.add_column(name, justify="right" if is_right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    table.caption, table.caption_justify = "a caption", "left"
    return table


def rich_table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)


def looks(table: Table, width: int) -> list[list[tuple[str, object]]]:
    """Each character with its style, line by line; how a blank is styled is not seen."""
    console = Console(
        width=width,
        color_system="standard",
        force_terminal=True,
        highlight=False,
        markup=False,
        emoji=False,
    )
    lines = Segment.split_lines(console.render(table))
    return [
        [
            (letter, segment.style or None if letter != " " else None)
            for segment in line
            for letter in segment.text
        ]
        for line in lines
    ]


@given(tables, texts, st.integers(8, 90))
@settings(max_examples=200)
def test_a_quick_table_is_drawn_as_rich_draws_it(
    content: tuple[list[tuple[str, bool]], list[list[RenderableType]]], title: str, width: int
) -> None:
    quick, slow = filled(QuickTable(title), *content), filled(rich_table(title), *content)
    assert looks(quick, width) == looks(slow, width)


def test_a_table_that_has_gained_a_row_is_drawn_with_it() -> None:
    quick, slow = QuickTable("t"), rich_table("t")
    for table in (quick, slow):
        filled(table, [("a", False)], [["1"]])
    assert looks(quick, 40) == looks(slow, 40)
    quick.add_row("2")
    assert looks(quick, 40) != looks(slow, 40)
    slow.add_row("2")
    assert looks(quick, 40) == looks(slow, 40)
