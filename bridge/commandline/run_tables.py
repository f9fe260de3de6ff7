"""A finished run as a person reads it: verdicts, timelines, positions, conservation, gas."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bridge.commandline.quick_table import QuickTable
from bridge.events import Kind
from bridge.figures import amount, figure, seconds
from bridge.plain_text import plain
from bridge.positions import Account, Position
from bridge.readmodel import ReadModel
from bridge.report.result import Result
from bridge.testbed.summary import Summary
from bridge.trade_view import Milestone, Step, TradeView

STYLES = {"settled": "green", "aborted": "yellow", "pending": "red"}
OFF_CHAIN = (Milestone.INSTRUCTED, Milestone.ACTED)


def run_tables(result: Result) -> Iterator[RenderableType]:
    """Everything to print at the end of a run, from the trades down to the verdict."""
    model, summary = result.model, result.summary
    yield _trades(model)
    for trade in model.trades.values():
        yield timeline(model, trade)
    yield _positions(model)
    yield _conservation(model)
    yield _gas(model, summary)
    yield from (Text(check.message, "bold red") for check in result.failures)
    yield _verdict(model, summary)


def headed_table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    """An empty table that reads well on a terminal and in a file."""
    table = QuickTable(title)
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


def _trades(model: ReadModel) -> Table:
    table = headed_table("Trades", "trade", "outcome", "decided", "expected", "legs", "why not")
    expected = {checked.reference: checked for checked in model.expectations}
    for trade_id, trade in model.trades.items():
        checked = expected.get(trade.instruction.reference)
        why = model.explain(trade_id)
        code = f"[{why.reason_code}] " if why and why.reason_code else ""
        table.add_row(
            trade.label,
            Text(trade.state.value, STYLES[trade.verdict]),
            _decided(trade),
            f"{checked.expected}: {'met' if checked.met else 'NOT MET'}" if checked else "-",
            _legs(model, trade),
            Text(plain(f"{code}{why.sentence}")) if why else "",
        )
    return table


def _decided(trade: TradeView) -> str:
    if trade.decided_at_ms is None:
        return "-"
    return f"{seconds(trade.decided_at_ms)} on {trade.instruction.hub}"


def _legs(model: ReadModel, trade: TradeView) -> str:
    return "\n".join(
        f"{_kind(model, leg.terms.instrument)} {leg.terms.sender} > {leg.terms.receiver}: "
        f"{amount(model, leg.terms.instrument, leg.terms.amount)} on {leg.terms.chain}"
        for leg in trade.legs
    )


def _kind(model: ReadModel, instrument: str) -> str:
    return "payment" if model.instruments[instrument].kind is Kind.CASH else "delivery"


def timeline(model: ReadModel, trade: TradeView) -> Table:
    """One column a chain: what happened to the trade there, block by block."""
    hub = trade.instruction.hub
    heads = (f"{name} (decides)" if name == hub else name for name in model.chains)
    table = headed_table(f"{trade.label}, {trade.state.value}", "time", "participants", *heads)
    for step in trade.timeline:
        place = "participants" if step.milestone in OFF_CHAIN else step.chain
        cells = (
            _step(model, trade, step) if place == column else ""
            for column in ("participants", *model.chains)
        )
        table.add_row(seconds(step.at_ms), *cells)
    return table


def _step(model: ReadModel, trade: TradeView, step: Step) -> Text:
    if step.milestone in OFF_CHAIN:
        return Text(plain(step.detail) or "instructed")
    block = f"block {step.height}"
    match step.milestone:
        case Milestone.COMMITTED:
            return Text(f"COMMITTED, {block}: settlement is final", "bold green")
        case Milestone.ABORTED:
            return Text(f"ABORTED, {block}: nothing will move", "bold yellow")
        case Milestone.FAILED | Milestone.SKIPPED:
            return Text(f"{step.milestone.value}, {block}: {plain(step.detail)}", "red")
        case Milestone.OPENED if not trade.legs_on(step.chain):
            return Text(f"opened, {block}")
        case _:
            moved = ", ".join(
                amount(model, leg.terms.instrument, leg.terms.amount)
                for leg in trade.legs_on(step.chain)
            )
            verb = "opened and held" if step.milestone is Milestone.OPENED else step.milestone.value
            return Text(f"{verb} {moved}, {block}")


def _positions(model: ReadModel) -> Table:
    right = ("before", "after", "change", "held")
    table = headed_table("Positions", "participant", "instrument", *right, right=right)
    accounts = sorted({*model.positions.opening, *model.positions.now})
    for account in accounts:
        before = model.positions.opening.get(account, Position())
        after = model.positions.of(*account)
        if before == after == Position():
            continue
        table.add_row(*account, *_position_cells(model, account, before, after))
    return table


def _position_cells(
    model: ReadModel, account: Account, before: Position, after: Position
) -> tuple[str, ...]:
    change = after.balance - before.balance
    figures = (before.balance, after.balance, change, after.held)
    cells = [figure(model, account.instrument, minor) for minor in figures]
    cells[2] = f"+{cells[2]}" if change > 0 else cells[2] if change else ""
    cells[3] = cells[3] if after.held else ""
    return tuple(cells)


def _conservation(model: ReadModel) -> Table:
    right = ("before", "after", "held")
    table = headed_table("Conservation", "instrument", "chain", *right, "verdict", right=right)
    for kept in model.conservation():
        figures = (figure(model, kept.instrument, n) for n in (kept.opening, kept.now, kept.held))
        text = "conserved" if kept.is_conserved else "VIOLATED: " + "; ".join(kept.faults)
        style = "green" if kept.is_conserved else "bold red"
        table.add_row(kept.instrument, kept.chain, *figures, Text(text, style))
    return table


def _gas(model: ReadModel, summary: Summary) -> Table:
    right = ("trades and headers", "setting up", "height")
    table = headed_table("Gas", "chain", *right, right=right)
    for chain in model.chains.values():
        gas = model.gas.on(chain.name)
        figures = (gas.settlement, gas.setup, chain.height)
        table.add_row(chain.name, *(f"{number:,}" for number in figures))
    if summary.gas_per_settled_trade is not None:
        table.caption = (
            f"{summary.gas_per_settled_trade:,} for each settled trade, its headers included"
        )
        table.caption_justify = "left"
    return table


def _verdict(model: ReadModel, summary: Summary) -> Text:
    trades, expectations = summary.trades, summary.expectations
    line = (
        f"{trades.total} trades: {trades.settled} settled, {trades.aborted} aborted, "
        f"{trades.pending} pending. Expectations: {expectations.met} met, "
        f"{expectations.failed} failed. Violations: {len(summary.violations)}.\n"
        f"{summary.virtual_seconds:g} s of virtual time in {summary.wall_seconds:.1f} s, "
        f"seed {summary.seed}, journal {summary.journal_sha256[:16]}"
    )
    return Text(line, "bold")
