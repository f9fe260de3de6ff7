"""A blotter: trades as rows of a CSV file, each a delivery leg against a payment leg.

A row becomes the same raw trade that a scenario would have spelt out, so it meets the same checks;
``Blotter.where`` leads each fault back to its line and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from bridge.errors import FaultCollector, LockstepError, ScenarioError, Where, quoted
from bridge.testbed.input_file import read_bounded, text_of, told_path
from bridge.testbed.names import did_you_mean

SIZE_MAX: Final = 4 * 2**20
ROWS_MAX: Final = 10_000
LINE_MAX: Final = 1000

COLUMNS: Final = (
    *("uti", "hub", "submit_at_s", "prepare_by_s", "decide_by_s", "expect", "because"),
    *("seller", "buyer", "instrument", "quantity", "cash", "payment"),
)
OPTIONAL: Final = frozenset({"because", "submit_at_s"})
SECONDS: Final = frozenset({"submit_at_s", "prepare_by_s", "decide_by_s"})

COLUMN_OF: Final[Mapping[tuple[int, str], str]] = {
    (0, "instrument"): "instrument",
    (0, "from"): "seller",
    (0, "to"): "buyer",
    (0, "amount"): "quantity",
    (1, "instrument"): "cash",
    (1, "from"): "buyer",
    (1, "to"): "seller",
    (1, "amount"): "payment",
}
"""Where a leg's keys stand in a row; its chain follows from the instrument."""

_FIELD: Final = re.compile(r'(?:"((?:[^"]|"")*)"|([^",]*))(,|$)')
_NUMBER: Final = re.compile("[0-9]{1,9}")
_BOM: Final = "\ufeff"

Document: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row and the column, from 1, at which it begins."""

    text: str
    column: int


Row: TypeAlias = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Blotter:
    """What a blotter says; rows that are no rows are left out and stand among the faults."""

    file: str
    trades: tuple[dict[str, object], ...]
    rows: tuple[tuple[int, Row], ...]
    faults: tuple[LockstepError, ...]

    def where(self, index: int, path: tuple[int | str, ...]) -> Where | None:
        """The place of a key of trade ``index``; None for what follows from other columns."""
        line, row = self.rows[index]
        match path:
            case ("legs", int(leg), str(key)):
                name = COLUMN_OF.get((leg, key))
            case (str(key),) if key in COLUMNS:
                name = key
            case _:
                name = None
        if name is None:
            return None
        return Where(self.file, line, row[name].column if name in row else None, name)


def read_blotter(named: str, folder: Path, document: Document) -> Blotter:
    """Read the blotter that a scenario in ``folder`` names. Raises ScenarioError or Faults."""
    path = _inside(named, folder)
    return parse_blotter(read_bounded(path, SIZE_MAX), told_path(path), document)


def parse_blotter(content: bytes, file: str, document: Document) -> Blotter:
    """Turn rows into raw trades. Raises ScenarioError or Faults for a header that is none."""
    lines = text_of(content, file).removeprefix(_BOM).split("\n")
    numbered = [(n, line.rstrip("\r")) for n, line in enumerate(lines, 1) if line.strip()]
    if not numbered:
        raise ScenarioError("E-SCENARIO-EMPTY", "the file is empty", Where(file))
    names = _header(*numbered[0], file)
    if len(numbered) - 1 > ROWS_MAX:
        message = f"more than {ROWS_MAX} rows"
        raise ScenarioError("E-SCENARIO-SIZE", message, Where(file))
    collector = FaultCollector()
    rows: list[tuple[int, Row]] = []
    for line, text in numbered[1:]:
        with collector.collecting():
            rows.append((line, _row(names, line, text, file)))
    chains = _chains(document)
    trades = tuple(_trade(row, chains) for _, row in rows)
    return Blotter(file, trades, tuple(rows), collector.faults)


def _inside(named: str, folder: Path) -> Path:
    """The file, which neither its name nor a link may lead out of the scenario's folder."""
    path = folder / named
    hint = "a blotter lies in its scenario's folder or below"
    try:
        is_inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        is_inside = False
    if not is_inside or Path(named).is_absolute() or ".." in Path(named).parts:
        message = f"{quoted(named)} leads elsewhere"
        raise ScenarioError("E-SCENARIO-BLOTTER-PATH", message, hint=hint)
    return path


def _header(line: int, text: str, file: str) -> tuple[str, ...]:
    fields = _fields(line, text, file)
    collector = FaultCollector()
    seen: set[str] = set()
    for field in fields:
        where = Where(file, line, field.column, field.text[:40] if field.text.isascii() else None)
        if field.text not in COLUMNS:
            message = f"there is no column {quoted(field.text)}"
            hint = did_you_mean(field.text, COLUMNS)
            collector.add(ScenarioError("E-SCENARIO-COLUMN", message, where, hint))
        elif field.text in seen:
            collector.add(ScenarioError("E-SCENARIO-COLUMN", "this column is given twice", where))
        seen.add(field.text)
    for name in COLUMNS:
        if name not in seen and name not in OPTIONAL:
            message = f"the column {name} is missing"
            collector.add(ScenarioError("E-SCENARIO-COLUMN", message, Where(file, line)))
    collector.raise_any()
    return tuple(field.text for field in fields)


def _row(names: tuple[str, ...], line: int, text: str, file: str) -> Row:
    fields = _fields(line, text, file)
    if len(fields) != len(names):
        message = f"{len(fields)} fields stand where {len(names)} belong"
        raise ScenarioError("E-SCENARIO-ROW", message, Where(file, line))
    return dict(zip(names, fields, strict=True))


def _fields(line: int, text: str, file: str) -> tuple[Field, ...]:
    if len(text) > LINE_MAX:
        message = f"a line of more than {LINE_MAX} characters"
        raise ScenarioError("E-SCENARIO-ROW", message, Where(file, line))
    return tuple(_split(line, text, file))


def _split(line: int, text: str, file: str) -> Iterator[Field]:
    """The fields of a line as RFC 4180 has them, without line ends inside of quotes."""
    place, is_open = 0, True
    while is_open:
        found = _FIELD.match(text, place)
        if found is None:
            hint = "a quote opens and closes a whole field, and is doubled inside"
            where = Where(file, line, place + 1)
            raise ScenarioError("E-SCENARIO-ROW", "a quote stands astray", where, hint)
        in_quotes, bare, end = found.groups()
        word = bare.strip() if in_quotes is None else in_quotes.replace('""', '"')
        yield Field(word, place + 1)
        place, is_open = found.end(), end == ","


def _trade(row: Row, chains: Mapping[str, str]) -> dict[str, object]:
    plain = COLUMNS[: COLUMNS.index("seller")]
    trade: dict[str, object] = {
        name: _value(name, row[name].text) for name in plain if name in row and row[name].text
    }
    legs: list[dict[str, object]] = [{}, {}]
    for (index, key), name in COLUMN_OF.items():
        if row[name].text:
            legs[index][key] = row[name].text
    for leg in legs:
        code = leg.get("instrument")
        if isinstance(code, str) and code in chains:
            leg["chain"] = chains[code]
    trade["legs"] = legs
    return trade


def _value(name: str, text: str) -> str | int:
    return int(text) if name in SECONDS and _NUMBER.fullmatch(text) else text


def _chains(document: Document) -> dict[str, str]:
    """Where each instrument is issued, as far as the document says so."""
    issued: dict[str, str] = {}
    for section in (document.get("securities"), document.get("cash")):
        for code, table in section.items() if isinstance(section, dict) else ():
            chain = table.get("chain") if isinstance(table, dict) else None
            if isinstance(chain, str):
                issued[code] = chain
    return issued
