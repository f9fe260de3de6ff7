"""How fast the engines are: a transfer, a proof, a header update, one DvP; young chain and old.

    python -m bench.engines                            print the table
    python -m bench.engines --write                    and put it into docs/performance.md
    python -m bench.engines --json FILE                and keep the raw figures

CPU time of this machine, the median of several rounds; believe the ratios, not the milliseconds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table
from web3 import Web3

from bench.hand_desk import HandDesk
from bench.shares import Shares, shares_of
from chains.provider import EngineProvider

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured: engines -->", "<!-- end -->"
ENGINES = ("pyevm", "revm")
OLD_BLOCKS = 4_000
ROUNDS = {"pyevm": 5, "revm": 41}
BATCH = 100
SHARE_TRADES = 5

Figures = dict[str, float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the raw figures")
    arguments = parser.parse_args()
    figures: dict[str, Figures] = {}
    shares: dict[str, Shares] = {}
    for engine in ENGINES:
        figures[engine], shares[engine] = measure(engine)
    for table in (_times(figures), _shares(shares)):
        Console().print(table)
    if arguments.json:
        raw = {"milliseconds": figures, "shares": shares}
        arguments.json.write_text(json.dumps(raw, indent=2) + "\n", encoding="utf-8")
    if arguments.write:
        _write(_page(figures, shares))


def measure(engine: str) -> tuple[Figures, Shares]:
    """Median milliseconds by what was done, and where the time of a DvP goes."""
    figures: Figures = {}
    desk = HandDesk(engine)
    desk.settle_alone("WARMUP0001")
    for age in ("young", "old"):
        if age == "old":
            desk.grow_old(OLD_BLOCKS)
        for what, milliseconds in _timed(desk, ROUNDS[engine], age):
            figures[f"{what}, {age} chain"] = milliseconds
    return figures, shares_of(desk.settle_alone, [f"SHARES{n:04}" for n in range(SHARE_TRADES)])


def _timed(desk: HandDesk, rounds: int, age: str) -> Iterator[tuple[str, float]]:
    yield "a transfer, sent to receipt", _median(desk.transfer, rounds)
    yield "a transfer through web3", _median(_through_web3(desk), rounds)
    yield f"each of {BATCH} transfers in a block", _median(desk.transfers(BATCH), 3) / BATCH
    desk.seconds.clear()
    for number in range(rounds):
        start = time.process_time()
        desk.settle_alone(f"{age.upper()}{number:05}")
        desk.seconds.setdefault("one DvP alone", []).append(time.process_time() - start)
    for what, seconds in desk.seconds.items():
        yield what, statistics.median(seconds) * 1000


def _through_web3(desk: HandDesk) -> Callable[[], object]:
    """send_raw_transaction and get_transaction_receipt of ordinary web3.py."""
    web3 = Web3(EngineProvider(desk.engine, automine=desk.mine_one))

    def send() -> object:
        return web3.eth.get_transaction_receipt(
            web3.eth.send_raw_transaction(desk.signed_transfer())
        )

    return send


def _median(action: Callable[[], object], rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        action()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds) * 1000


def _rows(figures: dict[str, Figures]) -> Iterator[tuple[str, str, str, str]]:
    for what, slow in figures["pyevm"].items():
        fast = figures["revm"][what]
        yield what, f"{slow:.2f}", f"{fast:.3f}", f"{slow / fast:.0f} x"


def _aging(figures: dict[str, Figures]) -> Iterator[tuple[str, str, str]]:
    for what in figures["pyevm"]:
        if what.endswith(", old chain"):
            young = what.replace(", old", ", young")
            ratios = [figures[engine][what] / figures[engine][young] for engine in ENGINES]
            yield what.removesuffix(", old chain"), f"{ratios[0]:.2f}", f"{ratios[1]:.2f}"


def _times(figures: dict[str, Figures]) -> Table:
    table = Table("what", "pyevm ms", "revm ms", "ratio", title="engines", title_justify="left")
    for row in _rows(figures):
        table.add_row(*row)
    return table


def _shares(shares: dict[str, Shares]) -> Table:
    table = Table("one DvP: time goes to", *ENGINES, title_justify="left")
    for what in shares["pyevm"]:
        table.add_row(what, *(f"{shares[engine][what]:.0%}" for engine in ENGINES))
    return table


def _page(figures: dict[str, Figures], shares: dict[str, Shares]) -> str:
    parts = [
        "| what | pyevm ms | revm ms | ratio |\n|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in _rows(figures)),
        f"\n| after {OLD_BLOCKS:,} blocks, against a young chain | pyevm | revm |\n|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in _aging(figures)),
        "\n| one DvP: time goes to | pyevm | revm |\n|---|---|---|",
        *(
            f"| {what} | {shares['pyevm'][what]:.0%} | {shares['revm'][what]:.0%} |"
            for what in shares["pyevm"]
        ),
    ]
    return "\n".join(parts)


def _write(measured: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END, 1)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{measured}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
