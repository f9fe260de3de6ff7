"""How long whole commands take: help, ``dvp`` cold and warm, ``market_day`` with its report.

    python -m bench.runs        print the seconds; exit 1 when one takes longer than it may

Wall time from an empty process to its exit, the best of a few rounds.
"""

from __future__ import annotations

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
AT_MOST_S = {"--help": 1, "dvp, contracts to compile": 15, "dvp": 15, "market_day": 5}


def main() -> int:
    """Print the seconds of each command; 1 when one takes too long."""
    table = Table("main.py", "s", "at most", title="whole commands", title_justify="left")
    took = measure()
    for what, took_s in took.items():
        table.add_row(what, f"{took_s:.2f}", str(AT_MOST_S[what]))
    Console().print(table)
    return 1 if any(took_s > AT_MOST_S[what] for what, took_s in took.items()) else 0


def measure() -> dict[str, float]:
    """Seconds from an empty process to its exit; the runs write a directory with their report."""
    with tempfile.TemporaryDirectory() as place:
        cache, out = Path(place, "cache"), Path(place, "out")
        first_s = seconds(cache, "run", "dvp", "--out", str(out / "first"))
        return {
            "--help": min(seconds(cache, "--help") for _ in range(ROUNDS)),
            "dvp, contracts to compile": first_s,
            "dvp": _best_run(cache, out, "dvp"),
            "market_day": _best_run(cache, out, "market_day"),
        }


def _best_run(cache: Path, out: Path, scenario: str) -> float:
    return min(
        seconds(cache, "run", scenario, "--out", str(out / f"{scenario}{n}")) for n in range(ROUNDS)
    )


def seconds(cache: Path, *arguments: str) -> float:
    """Wall time of one command."""
    environment = os.environ | {CACHE_VARIABLE: str(cache)}
    command = [sys.executable, str(MAIN), *arguments]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
