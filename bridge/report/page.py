"""``report.html``: one file with everything in it, to read, print and hand on.

Nothing is fetched and nothing runs: the page forbids both to itself, and every text is escaped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bridge.errors import ExitCode
from bridge.events import FaultInjected
from bridge.figures import amount, figure, seconds
from bridge.journal import Entry
from bridge.plain_text import plain
from bridge.positions import Position
from bridge.principal import Moment
from bridge.readmodel import ReadModel
from bridge.report.result import Result
from bridge.report.risk_chart import risk_chart
from bridge.report.trade_section import TradeSection, trade_section
from bridge.testbed.scenario import Scenario

TEMPLATE: Final = "report.html"
DIAGRAMS_MAX: Final = 40
"""A page that nobody can scroll through helps nobody; the journal has everything."""


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A participant's position before and after."""

    participant: str
    instrument: str
    chain: str
    hue: int
    before: str
    after: str
    change: str
    held: str


def report_html(result: Result) -> str:
    """The whole page."""
    model, started = result.model, result.model.run
    sections = tuple(_sections(result))
    return _template().render(
        result=result,
        model=model,
        summary=result.summary,
        about=plain(result.scenario.about) if result.scenario else "",
        names=_names(result.scenario),
        is_illustrative=result.scenario is None or result.scenario.identifiers == "illustrative",
        start=datetime.fromtimestamp(started.epoch_s if started else 0, UTC),
        is_good=result.code is ExitCode.OK,
        failures=result.failures,
        sections=sections,
        injected=tuple(_injected(result.journal)),
        told=[section for section in sections if section.diagram is not None],
        positions=tuple(_positions(model)),
        conservation=model.conservation(),
        chart=risk_chart(result.moments),
        at_risk=_at_risk(model, result.moments),
        hues={name: place for place, name in enumerate(model.chains)},
        figure=lambda code, minor: figure(model, code, minor),
        routes=sorted(model.proofs.routes.items()),
    )


def _injected(entries: Iterable[Entry]) -> Iterator[tuple[str, FaultInjected]]:
    """What went wrong on purpose, and when; in texts, nothing that hides."""
    for entry in entries:
        if isinstance(fault := entry.event, FaultInjected):
            told = FaultInjected(plain(fault.fault), plain(fault.target), plain(fault.detail))
            yield seconds(entry.at_ms), told


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE)


def _sections(result: Result) -> Iterator[TradeSection]:
    """All trades in their order; diagrams go to what did not settle first, then to the others."""
    model = result.model
    expected = {checked.reference: checked for checked in model.expectations}
    wanted = set(_worth_a_diagram(model, expected.keys() - _met(model)))
    told = _by_trade(result.journal, wanted)
    for trade_id, trade in model.trades.items():
        entries = told[trade_id] if trade_id in wanted else None
        yield trade_section(model, trade_id, expected.get(trade.instruction.reference), entries)


def _met(model: ReadModel) -> set[str]:
    return {checked.reference for checked in model.expectations if checked.met}


def _worth_a_diagram(model: ReadModel, failed: set[str]) -> list[bytes]:
    def importance(trade_id: bytes) -> int:
        trade = model.trades[trade_id]
        if trade.instruction.reference in failed or trade.verdict == "pending":
            return 0
        return 1 if trade.verdict == "aborted" else 2

    return sorted(model.trades, key=importance)[:DIAGRAMS_MAX]


def _by_trade(entries: Iterable[Entry], wanted: set[bytes]) -> dict[bytes, list[Entry]]:
    found: defaultdict[bytes, list[Entry]] = defaultdict(list)
    for entry in entries:
        one = getattr(entry.event, "trade_id", None)
        for trade_id in (one,) if one else getattr(entry.event, "trade_ids", ()):
            if trade_id in wanted:
                found[trade_id].append(entry)
    return found


def _positions(model: ReadModel) -> Iterator[PositionRow]:
    hues = {name: place for place, name in enumerate(model.chains)}
    for account in sorted({*model.positions.opening, *model.positions.now}):
        before = model.positions.opening.get(account, Position())
        after = model.positions.of(*account)
        if before == after == Position():
            continue
        code, change = account.instrument, after.balance - before.balance
        chain = model.instruments[code].chain
        sign = "+" if change > 0 else ""
        yield PositionRow(
            participant=account.participant,
            instrument=code,
            chain=chain,
            hue=hues.get(chain, 0),
            before=figure(model, code, before.balance),
            after=figure(model, code, after.balance),
            change=f"{sign}{figure(model, code, change)}" if change else "",
            held=figure(model, code, after.held) if after.held else "",
        )


def _at_risk(model: ReadModel, moments: Sequence[Moment]) -> str:
    worst: dict[str, int] = {}
    for moment in moments:
        for code, minor in moment.at_risk.items():
            worst[code] = max(minor, worst.get(code, 0))
    return ", ".join(amount(model, code, minor) for code, minor in sorted(worst.items())) or "0"


def _names(scenario: Scenario | None) -> dict[str, str]:
    """What the participants are called, besides their short names."""
    if scenario is None:
        return {}
    return {short: plain(party.name) for short, party in scenario.participants.items()}
