"""What a benchmark's run is told as: tables in the terminal, and the page with its picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, TypeAlias

from rich.console import Console
from rich.table import Table

from bench.chart import Bar, Panel, picture
from bench.figures import Figures, told

if TYPE_CHECKING:
    from bench.settlements import Measured

Tell: TypeAlias = Callable[[str], None]
Row: TypeAlias = tuple[str, ...]

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "pictures" / "settlements.svg"
BEGIN, END = "<!-- measured: settlements -->", "<!-- end: settlements -->"
CONTENDERS = ("who", "alone, a second", "p50 ms", "p95 ms", "aged", "in batches, a second", "batch")
MEGABYTE = 10**6


def show(measured: Measured, console: Console) -> None:
    """Print the tables."""
    for heads, rows in _tables(measured):
        table = Table(*heads)
        for row in rows:
            table.add_row(*row)
        console.print(table)
    if measured.left_out:
        console.print(measured.left_out, soft_wrap=True)


def write(measured: Measured) -> None:
    """Put the tables and the picture where the page shows them."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END, 1)[1]
    tables = "\n\n".join(_markdown(heads, rows) for heads, rows in _tables(measured))
    PAGE.write_text(f"{before}{BEGIN}\n{tables}\n{END}{after}", encoding="utf-8")
    PICTURE.write_text(_picture(measured), encoding="utf-8")


def _tables(measured: Measured) -> Iterator[tuple[Row, list[Row]]]:
    ours = replace(measured.ours, aged_ratio=measured.age.get("alone"))
    yield CONTENDERS, [_contender(row) for row in (ours, *measured.others)]
    if measured.others:
        heads = ("a verified DvP on Lockstep, against", "alone", "in batches")
        yield heads, [_against(ours, other) for other in measured.others]
    yield ("efficiency: floor over actual", "middle (least to most)"), list(_efficiency(measured))
    yield ("what grows", "ratio"), list(_growth(measured))
    yield ("memory and restarts", ""), list(_kept(measured))
    yield (
        (f"a whole command, by {measured.python}", "s"),
        [(what, f"{took_s:.2f}") for what, took_s in measured.commands.items()],
    )


def _contender(row: Figures) -> Row:
    return (
        f"{row.name} {row.version}".strip(),
        told(row.alone_per_s),
        told(row.p50_ms, 1),
        told(row.p95_ms, 1),
        "" if row.aged_ratio is None else f"{row.aged_ratio:.1f} x",
        told(row.batched_per_s),
        str(row.batch_size),
    )


def _against(ours: Figures, other: Figures) -> Row:
    alone = median(ours.alone_per_s) / median(other.alone_per_s)
    batched = median(ours.batched_per_s) / median(other.batched_per_s)
    return f"{other.name} {other.version}".strip(), f"{alone:.2f} x", f"{batched:.2f} x"


def _efficiency(measured: Measured) -> Iterator[Row]:
    yield "one at a time", told(measured.alone_efficiency, 2)
    yield "in batches", told(measured.batched_efficiency, 2)
    for how, values in measured.unaudited_efficiency.items():
        yield how, told(values, 2)
    yield "gas snapshot", "unchanged" if measured.is_gas_unchanged else "CHANGED: not comparable"


def _growth(measured: Measured) -> Iterator[Row]:
    for how, ratio in measured.age.items():
        yield (
            f"a trade {how} after {measured.old_blocks:,} blocks, against a young chain",
            f"{ratio:.2f}",
        )
    for what, ratio in measured.standing.items():
        how, count = what.split(", ")
        yield f"a trade {how} beside {count} ones", f"{ratio:.2f}"


def _kept(measured: Measured) -> Iterator[Row]:
    kept, again = measured.memory, measured.restart
    yield f"most memory in a run of {kept.trades:,} trades", f"{kept.peak / MEGABYTE:,.0f} MB"
    parts = (("journal", kept.journal_each), ("chains", kept.chains_each), ("rest", kept.rest_each))
    for part, each in parts:
        yield f"kept for each settled trade: {part}", f"{each:,.0f} bytes"
    yield (
        f"trades open when the relayer came back, of {again.trades:,}",
        f"{again.open_at_return:,}",
    )
    yield "of them settled in the end", f"{again.settled:,}"
    yield "from its return to the last of them", f"{again.seconds:.1f} s"


def _picture(measured: Measured) -> str:
    rows = [measured.ours, *measured.others]
    alone = [_bar(row, row.alone_per_s) for row in rows]
    batched = [_bar(row, row.batched_per_s) for row in rows]
    panels = [Panel("one after the other", alone), Panel("in batches", batched)]
    return picture("Settlements a second, on two cores", panels)


def _bar(row: Figures, values: Sequence[float]) -> Bar:
    label = f"{row.name} {row.version}".strip()
    is_ours = row.name.startswith(("verified", "the same"))
    return Bar(label, median(values), min(values), max(values), is_ours=is_ours)


def _markdown(heads: Row, rows: Sequence[Row]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
