"""``scenarios``: what is shipped."""

from __future__ import annotations

import typer

from bridge.errors import ExitCode


def scenarios() -> int:
    """List the scenarios that come with Lockstep."""
    from bridge.testbed.scenario_file import load_scenario, shipped_scenarios

    for name in shipped_scenarios():
        typer.echo(f"{name:20}  {load_scenario(name).about}")
    return ExitCode.OK
