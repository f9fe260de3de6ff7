"""What a settled trade costs in gas: every transaction and header update counted.

    python -m bench.gas            print the figures
    python -m bench.gas --write    and keep them in tests/gas/snapshot.json

Two chains on the reference engine, four validators each. A security with registry check is
delivered on one chain against cash on the other, by parties that hold both already.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.hand_desk import BATCH, Figures, HandDesk
from contracts import artifacts

SNAPSHOT = Path(__file__).resolve().parent.parent / "tests" / "gas" / "snapshot.json"


def main(arguments: Sequence[str]) -> None:
    """Print the figures; with --write, keep them."""
    figures = measure()
    for name, gas in figures.items():
        print(f"{gas:>10,}  {name}")
    if "--write" in arguments:
        SNAPSHOT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def measure() -> Figures:
    """Gas by what it was spent on; deterministic."""
    desk = HandDesk()
    figures = {f"alone: {name}": gas for name, gas in desk.settle_alone("GASALONE0001").items()}
    figures["alone: total"] = sum(figures.values())
    again = desk.settle_alone("GASALONE0002")
    figures["alone: total, the parties' second reference"] = sum(again.values())
    batch = desk.settle_batch("GASBATCH")
    figures |= {f"batch of {BATCH}: {name}": gas for name, gas in batch.items()}
    figures[f"batch of {BATCH}: each"] = sum(batch.values()) // BATCH
    figures |= {f"bytes: {name}": desk.code_size(name) for name in artifacts.names()}
    return figures


if __name__ == "__main__":
    main(sys.argv[1:])
