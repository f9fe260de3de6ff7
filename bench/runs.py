"""How long whole runs take: ``dvp`` cold and warm, and ``market_day`` with its report.

    python -m bench.runs        print the seconds; exit 1 when one takes longer than it may

Wall time from an empty process to its exit, the best of a few rounds.
"""

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
DVP_MAX_S = 15
MARKET_DAY_MAX_S = 10


def main() -> int:
    """Print the seconds of each kind of run; 1 when one takes too long."""
    with tempfile.TemporaryDirectory() as place:
        cache, out = Path(place, "cache"), Path(place, "out")
        first_s = seconds(cache, "dvp", out / "first")
        usual_s = min(seconds(cache, "dvp", out / f"dvp{n}") for n in range(ROUNDS))
        day_s = min(seconds(cache, "market_day", out / f"day{n}") for n in range(ROUNDS))
        day = json.loads((out / "day0" / "summary.json").read_text(encoding="utf-8"))
    rows = (
        ("dvp, with contracts to compile", first_s, DVP_MAX_S),
        ("dvp, as usual", usual_s, DVP_MAX_S),
        (f"market_day, {day['trades']['total']} trades, with report", day_s, MARKET_DAY_MAX_S),
    )
    table = Table("main.py run", "s", "at most", title="whole runs", title_justify="left")
    for what, took_s, limit_s in rows:
        table.add_row(what, f"{took_s:.1f}", str(limit_s))
    Console().print(table)
    return 1 if any(took_s > limit_s for _, took_s, limit_s in rows) else 0


def seconds(cache: Path, scenario: str, out: Path) -> float:
    """Wall time of one run that writes its directory."""
    environment = os.environ | {CACHE_VARIABLE: str(cache)}
    command = [sys.executable, str(MAIN), "run", scenario, "--out", str(out)]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
