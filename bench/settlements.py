"""How many verified trades settle in a second, and what that rests on.

    python -m bench.settlements                 print the tables (ten minutes)
    python -m bench.settlements --quick         fewer trades, no peers: does it run?
    python -m bench.settlements --json FILE     and keep the raw figures
    python -m bench.settlements --write         and put table and picture into docs/performance.md

Every figure is of a whole testbed with its outbox on disk, its journal and its auditor. Wall time
of this machine, the middle of several repeats with the least and the most of them.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Console

from bench import gas, memory, ours, peers, report, restart, runs
from bench.figures import Figures
from bench.peers.driving import OLD_BLOCKS, SETTLEMENTS
from bench.peers.htlc_pair import htlc_pair
from bench.street import ROUND_S, Street
from bridge.testbed.garbage import rarely_collecting

REPEATS = 5
STANDING = (10, 1_000, 6_000)
TURNS = 12
PER_TURN = 20


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    repeats: int = REPEATS
    alone: int = ours.ALONE
    rounds: int = ours.ROUNDS
    turns: int = TURNS
    old_blocks: int = OLD_BLOCKS
    standing: Sequence[int] = STANDING
    memory_trades: int = memory.TRADES
    restart_trades: int = restart.TRADES


QUICK = Size(
    repeats=2,
    alone=40,
    rounds=4,
    turns=2,
    old_blocks=200,
    standing=(10, 100),
    memory_trades=1_000,
    restart_trades=200,
)


@dataclass(slots=True)
class Measured:
    """Everything of one run."""

    ours: Figures
    alone_efficiency: tuple[float, ...]
    batched_efficiency: tuple[float, ...]
    unaudited_efficiency: dict[str, tuple[float, ...]]
    is_gas_unchanged: bool
    old_blocks: int
    age: dict[str, float]
    standing: dict[str, float]
    memory: memory.Memory
    restart: restart.Restart
    commands: dict[str, float]
    python: str
    others: list[Figures] = field(default_factory=list)
    left_out: str = ""


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer trades, and no peers")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the raw figures")
    parser.add_argument("--write", action="store_true", help="put them into docs/performance.md")
    arguments = parser.parse_args()
    console = Console()
    with console.status("measuring") as status:
        measured = measure(QUICK if arguments.quick else Size(), not arguments.quick, status.update)
    report.show(measured, console)
    if arguments.json:
        raw = json.dumps(asdict(measured), indent=2)
        arguments.json.write_text(raw + "\n", encoding="utf-8")
    if arguments.write:
        report.write(measured)
    return 0


def measure(size: Size, with_peers: bool, tell: report.Tell) -> Measured:
    """Ours in between the others, so that a machine's moods meet everybody."""
    mine = Mine(size)
    others = list(_others(tell, mine)) if with_peers else []
    left_out = "" if with_peers else "peers left out: this was a quick run"
    found = peers.available()
    if with_peers and isinstance(found, str):
        left_out = found
    while len(mine.repeats) < size.repeats:
        tell(f"ours, repeat {len(mine.repeats) + 1} of {size.repeats}")
        mine.repeat()
    tell("age")
    age = _ageing(size)
    tell("open trades")
    standing = _standing(size)
    tell("memory")
    kept = memory.in_a_process(size.memory_trades)
    tell("restart")
    restarted = restart.in_a_process(size.restart_trades)
    tell("whole commands")
    commands = runs.measure()
    snapshot = json.loads(gas.SNAPSHOT.read_text(encoding="utf-8"))
    return Measured(
        ours=mine.figures(),
        alone_efficiency=tuple(repeat.alone_efficiency for repeat in mine.repeats),
        batched_efficiency=tuple(repeat.batched_efficiency for repeat in mine.repeats),
        unaudited_efficiency={
            "one at a time, no auditor": tuple(r.alone_efficiency for r in mine.unaudited),
            "in batches, no auditor": tuple(r.batched_efficiency for r in mine.unaudited),
        },
        is_gas_unchanged=gas.measure() == snapshot,
        old_blocks=size.old_blocks,
        age=age,
        standing=standing,
        memory=kept,
        restart=restarted,
        commands=commands,
        python=f"Python {platform.python_version()}, {platform.python_compiler()}",
        others=[mine.without_auditor(), *others],
        left_out=left_out,
    )


class Mine:
    """Our own figures, a repeat at a time."""

    def __init__(self, size: Size) -> None:
        self.repeats: list[ours.Repeat] = []
        self.unaudited: list[ours.Repeat] = []
        self._size = size

    def repeat(self) -> None:
        """One more value of everything."""
        asked = self._size.alone, self._size.rounds
        self.repeats.append(ours.in_a_process(*asked))
        self.unaudited.append(ours.in_a_process(*asked, audited=False))

    def figures(self) -> Figures:
        """The row."""
        return _row("verified DvP on Lockstep", self.repeats)

    def without_auditor(self) -> Figures:
        """What the rest of it takes: the others have no auditor either."""
        return _row("the same, its auditor away", self.unaudited)


def _row(name: str, repeats: Sequence[ours.Repeat]) -> Figures:
    alone = [repeat.alone for repeat in repeats]
    batched = [(ours.PER_ROUND, repeat.batched_per_s) for repeat in repeats]
    return Figures.of(name, "", alone, batched)


def _others(tell: report.Tell, mine: Mine) -> Iterator[Figures]:
    """A row of everything else there is here, each behind a repeat of ours."""
    pair = htlc_pair(SETTLEMENTS)
    found = peers.available()
    tell("HTLC on our engine")
    mine.repeat()
    yield peers.htlc_on_engine(pair)
    if isinstance(found, str):
        return
    tell("HTLC on Hardhat")
    mine.repeat()
    yield peers.htlc_on_hardhat(found, pair)
    yield peers.htlc_by_viem_on_hardhat(found, pair)
    yield peers.htlc_by_program_on_hardhat(found, pair)
    yield peers.htlc_by_signing_program_on_hardhat(found, pair)
    tell("HTLC on anvil")
    mine.repeat()
    yield peers.htlc_on_anvil(found, pair)
    yield peers.htlc_by_program_on_anvil(found, pair)
    yield peers.htlc_by_signing_program_on_anvil(found, pair)
    tell("our calldata on anvil")
    mine.repeat()
    yield peers.our_calldata_on_anvil(found)


def _ageing(size: Size) -> dict[str, float]:
    """CPU time a trade on old chains over that on young ones, taken in turns.

    Alone the old blocks are those of settlements; for batches, of which that would be 200,000, most
    of them are empty.
    """
    old_rounds = size.old_blocks // ROUND_S
    alone, batched = size.turns * PER_TURN, size.turns
    young, old = Street(alone + ours.WARM_UP, 1), Street(alone + ours.WARM_UP + old_rounds, 1)
    with rarely_collecting():
        for _ in range(old_rounds):
            old.round()
    ratios = {"alone": _in_turns((young, old), alone)[1]}
    streets = [
        Street(batched + ours.WARM_UP, ours.PER_ROUND, age_s=age_s)
        for age_s in (0, size.old_blocks)
    ]
    return ratios | {"batched": _in_turns(streets, batched)[1]}


def _standing(size: Size) -> dict[str, float]:
    """CPU time a trade beside many open ones over that beside the fewest, taken in turns."""
    ratios: dict[str, float] = {}
    for how, per_round in (("alone", 1), ("batched", ours.PER_ROUND)):
        turns = size.turns * (PER_TURN if how == "alone" else 1)
        streets = [Street(turns + ours.WARM_UP, per_round, standing=n) for n in size.standing]
        found = _in_turns(streets, turns)
        ratios |= {f"{how}, {n:,} open": r for n, r in zip(size.standing, found, strict=True)}
    return ratios


def _in_turns(streets: Sequence[Street], turns: int) -> list[float]:
    """The median CPU time of each street's rounds, over the first one's."""
    taken: list[list[float]] = [[] for _ in streets]
    with rarely_collecting():
        for street in streets:
            for _ in range(ours.WARM_UP):
                street.round()
        for _ in range(turns):
            for street, times in zip(streets, taken, strict=True):
                times.append(street.round().cpu_s)
    medians = [median(times) for times in taken]
    return [middle / medians[0] for middle in medians]


if __name__ == "__main__":
    sys.exit(main())
