"""``scenarios``: what is shipped, what a scenario says, whether it can be run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from bridge.commandline.options import targets
from bridge.commandline.terminal import console
from bridge.errors import ExitCode, FaultCollector

if TYPE_CHECKING:
    from rich.table import Table

    from bridge.testbed.scenario import Scenario, Trade

app = typer.Typer(rich_markup_mode=None, help="List, show and check scenarios.")


@app.callback(invoke_without_command=True)
def _list_without_command(context: typer.Context) -> int:
    return list_() if context.invoked_subcommand is None else ExitCode.OK


@app.command("list")
def list_() -> int:
    """List the scenarios that come with Lockstep, each with what it shows."""
    from bridge.testbed.scenario_file import load_scenario, shipped_scenarios

    names = shipped_scenarios()
    width = max(map(len, names))
    for name in names:
        typer.echo(f"{name:{width}}  {load_scenario(name).about}")
    return ExitCode.OK


@app.command()
def show(
    scenario: Annotated[
        str,
        typer.Argument(
            help="A file, or a shipped name.", metavar="SCENARIO", autocompletion=targets
        ),
    ],
    toml: Annotated[
        bool, typer.Option("--toml", help="As a file to start one of your own from.")
    ] = False,
) -> int:
    """Show what a scenario sets up, who takes part, and what is expected of each trade."""
    from bridge.testbed.scenario_file import find_scenario, load_scenario
    from bridge.testbed.scenario_text import scenario_text

    wanted = load_scenario(scenario)
    if toml:
        sys.stdout.write(scenario_text(wanted))
        return ExitCode.OK
    screen = console(sys.stdout)
    screen.print(f"{wanted.name}: {wanted.about}")
    screen.print(f"{find_scenario(scenario)}, seed {wanted.seed}, {wanted.sha256()}")
    for table in _tables(wanted):
        screen.print(table)
    return ExitCode.OK


@app.command()
def check(
    scenario: Annotated[
        list[str],
        typer.Argument(help="Files, or shipped names.", metavar="SCENARIO", autocompletion=targets),
    ],
) -> int:
    """Check scenarios without running them; everything that is wrong is told at once."""
    from bridge.testbed.scenario_file import load_scenario

    collector, good = FaultCollector(), []
    for name in scenario:
        with collector.collecting():
            good.append(load_scenario(name))
    collector.raise_any()
    for wanted in good:
        typer.echo(f"{wanted.name}: good, {len(wanted.trades)} trades, {wanted.sha256()}")
    return ExitCode.OK


def _tables(wanted: Scenario) -> Iterator[Table]:
    from rich.text import Text

    from bridge.commandline.run_tables import headed_table

    parties = headed_table("Participants", "participant", "name", "policy", "accounts on")
    for short, party in wanted.participants.items():
        late = f", {party.delay_s} s" if party.delay_s else ""
        accounts = ", ".join(wanted.chains_of(short))
        parties.add_row(short, Text(party.name), f"{party.policy}{late}", accounts)
    yield parties
    trades = headed_table("Trades", "trade", "at", "decided by", "legs", "deadlines", "expected")
    for trade in wanted.trades:
        because = f": {trade.because}" if trade.because else ""
        trades.add_row(
            trade.reference[20:],
            f"{trade.submit_at_s} s",
            trade.hub,
            "\n".join(_legs(wanted, trade)),
            f"{trade.prepare_by_s} s, {trade.decide_by_s} s",
            f"{trade.expect}{because}",
        )
    yield trades
    if wanted.faults:
        faults = headed_table("What goes wrong on purpose", "fault", "terms")
        for fault in wanted.faults:
            terms = fault.model_dump(mode="json", by_alias=True, exclude={"kind"})
            told = ", ".join(f"{key} {value}" for key, value in terms.items())
            faults.add_row(type(fault).__name__, Text(told))
        yield faults


def _legs(wanted: Scenario, trade: Trade) -> Iterator[str]:
    from bridge.amounts import grouped_text

    for leg in trade.legs:
        moved = grouped_text(leg.amount, wanted.instruments[leg.instrument].minor_units or 0)
        yield f"{leg.sender} > {leg.receiver}: {moved} {leg.instrument} on {leg.chain}"
