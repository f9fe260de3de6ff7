"""The commands of ``main.py``, in the order in which help lists them."""

from __future__ import annotations

from typing import Final

import typer

from bridge.commandline import block, demo, doctor, proof, replay, run, scenarios, trade

HELP: Final = """Settle securities trades across two chains, both legs or neither.

Lockstep runs two EVM chains, their contracts, the participants and an untrusted relayer in this
one process, from a scenario file, on a virtual clock: the same scenario and seed give the same
blocks, bit for bit.

\b
  main.py demo                         a trade told step by step, in plain words
  main.py run dvp                      settle the shipped example and show what happened
  main.py run dvp --out runs/dvp       the same, with a report to read and a journal to keep
  main.py run my.toml --junit out.xml  a scenario of your own, for CI
  main.py scenarios                    what is shipped
  main.py replay RUN                   run a recorded run again and compare every event
  main.py diff RUN_A RUN_B             where two runs part
  main.py trade why RUN TRADE          why a trade did not settle
  main.py block show RUN CHAIN HEIGHT  one block with its seals, transactions and logs
  main.py proof verify RUN TRADE       check every seal and trie node of what crossed
  main.py doctor RUN                   what is wrong with a recorded run, and what to do

\b
Exit codes: 0 all expectations met, 1 an expectation or invariant failed, 2 usage, 3 bad input,
4 environment, 5 internal error, 6 a light client froze, 130 interrupted.
"""

app = typer.Typer(rich_markup_mode=None, help=HELP, context_settings={"max_content_width": 100})


@app.callback(invoke_without_command=True)
def _help_without_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


app.command(help=run.HELP)(run.run)
app.command()(demo.demo)
app.add_typer(scenarios.app, name="scenarios")
app.command()(replay.replay)
app.command()(replay.diff)
app.add_typer(trade.app, name="trade")
app.add_typer(block.app, name="block")
app.add_typer(proof.app, name="proof")
app.command()(doctor.doctor)
