"""``trade show`` and ``trade why``: one trade of a recorded run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridge.commandline.replay import RunArgument
from bridge.commandline.terminal import console
from bridge.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from bridge.readmodel import ReadModel
    from bridge.trade_view import TradeView

app = typer.Typer(rich_markup_mode=None, help="Look into one trade of a recorded run.")
TradeArgument = Annotated[
    str, typer.Argument(help="The trade's reference, or the part after the LEI.", metavar="TRADE")
]


@app.command()
def show(run: RunArgument, trade: TradeArgument) -> int:
    """Print a trade's terms and all that happened to it, on both chains."""
    from bridge.commandline.run_tables import timeline
    from bridge.figures import amount

    model, found = found_trade(run, trade)
    said = found.instruction
    print(f"{said.reference}  {found.state.value}")
    print(f"id 0x{said.trade_id.hex()}, decided on {said.hub}")
    for leg in found.legs:
        terms = leg.terms
        quantity = amount(model, terms.instrument, terms.amount)
        who = f"{terms.sender} > {terms.receiver}"
        print(f"  {who}: {quantity} on {terms.chain}, {leg.state.value}")
    console(sys.stdout).print(timeline(model, found))
    return ExitCode.OK


@app.command()
def why(run: RunArgument, trade: TradeArgument) -> int:
    """Say why a trade did not settle, with its ISO 20022 reason code; exit 1 if it did not."""
    model, found = found_trade(run, trade)
    if found.verdict == "settled":
        print(f"{found.label} is settled")
        return ExitCode.OK
    cause = model.explain(found.instruction.trade_id)
    if cause is None:
        print(f"{found.label} is {found.state.value}")
        return ExitCode.FAILED
    code = f" [{cause.reason_code}]" if cause.reason_code else ""
    print(f"{found.label} is {found.state.value}: {cause.cause.value}{code}")
    print(cause.sentence)
    return ExitCode.FAILED


def found_trade(run: Path, wanted: str) -> tuple[ReadModel, TradeView]:
    """A run's read model and one of its trades. Raises JournalError, UsageError."""
    from bridge.journal_file import read_journal
    from bridge.readmodel import ReadModel
    from bridge.testbed.names import did_you_mean

    model = ReadModel.of(read_journal(run))
    try:
        return model, model.trade(wanted)
    except KeyError:
        hint = did_you_mean(wanted, [view.label for view in model.trades.values()])
        message = f"the run has no trade {wanted!r}"
        raise UsageError("E-USAGE-TRADE", message, hint=hint) from None
