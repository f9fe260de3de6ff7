"""Others' settlements beside ours, in one table.

    python -m bench.peers                print the table
    python -m bench.peers --json FILE    and keep the raw figures

A hash time lock pair is four transactions of which nobody verifies anything; ours is a verified
DvP. Without the peers only our own engine is measured, and one line says how to install them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import peers
from bench.figures import Figures, told
from bench.peers.driving import OLD_BLOCKS, SETTLEMENTS, TRIES
from bench.peers.htlc_pair import htlc_pair


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the raw figures")
    arguments = parser.parse_args()
    rows = list(measure())
    Console().print(_table(rows))
    if arguments.json:
        raw = [row.to_json() for row in rows]
        arguments.json.write_text(json.dumps(raw, indent=2) + "\n", encoding="utf-8")


def measure() -> Iterator[Figures]:
    """A row of everything there is here. Raises PeerFailed."""
    pair = htlc_pair(SETTLEMENTS)
    yield peers.htlc_on_engine(pair)
    found = peers.available()
    if isinstance(found, str):
        print(found)
        return
    yield peers.htlc_on_hardhat(found, pair)
    yield peers.htlc_by_viem_on_hardhat(found, pair)
    yield peers.htlc_by_program_on_hardhat(found, pair)
    yield peers.htlc_by_signing_program_on_hardhat(found, pair)
    yield peers.htlc_on_anvil(found, pair)
    yield peers.htlc_by_program_on_anvil(found, pair)
    yield peers.htlc_by_signing_program_on_anvil(found, pair)
    yield peers.our_calldata_on_anvil(found)


def _table(rows: list[Figures]) -> Table:
    title = f"middle of {TRIES} tries; aged: after {OLD_BLOCKS:,} blocks, against a fresh chain"
    table = Table(
        "settlements", "alone /s", "p50 ms", "p95 ms", "aged", "batched /s", "of", title=title
    )
    for row in rows:
        ratio = "" if row.aged_ratio is None else f"{row.aged_ratio:.1f} x"
        table.add_row(
            f"{row.name} {row.version}".strip(),
            told(row.alone_per_s),
            told(row.p50_ms, 1),
            told(row.p95_ms, 1),
            ratio,
            told(row.batched_per_s),
            str(row.batch_size),
        )
    return table


if __name__ == "__main__":
    main()
