"""How long ``main.py run dvp`` takes: once with every contract still to compile, then as usual."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from contracts.artifacts import CACHE_VARIABLE

MAIN = Path(__file__).resolve().parent.parent / "main.py"
ROUNDS = 3
LIMIT_S = 15


def main() -> int:
    """Print the seconds of each kind of run; 1 when the slowest takes too long."""
    with tempfile.TemporaryDirectory() as place:
        summary, cache = Path(place, "summary.json"), Path(place, "cache")
        first_s = seconds(summary, cache)
        usual_s = min(seconds(summary, cache) for _ in range(ROUNDS))
        said = json.loads(summary.read_text(encoding="utf-8"))
    table = Table(title="main.py run dvp", title_justify="left")
    table.add_column("what")
    table.add_column("", justify="right")
    table.add_row("with contracts to compile", f"{first_s:.1f} s")
    table.add_row("as usual", f"{usual_s:.1f} s")
    table.add_row("of virtual time", f"{said['virtual_seconds']} s")
    table.add_row("for each settled trade", f"{said['gas_per_settled_trade']:,} gas")
    Console().print(table)
    return 1 if max(first_s, usual_s) > LIMIT_S else 0


def seconds(summary: Path, cache: Path) -> float:
    """Wall time of one run, from an empty process to its exit."""
    environment = os.environ | {CACHE_VARIABLE: str(cache)}
    command = [sys.executable, str(MAIN), "run", "dvp", "--json", str(summary)]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
