"""What a long run keeps in memory, and in whose hands: journal, chains, everything else.

    python -m bench.memory [TRADES]     a process of its own, figures as JSON

Everything else is what must not grow with what is finished: relayer, outbox, participants, auditor.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FunctionType, ModuleType

from bench.street import Street

ROOT = Path(__file__).resolve().parent.parent
TRADES = 10_000
PER_ROUND = 100
LOOKS = 5
KIB = 1024
SHARED = (type, ModuleType, FunctionType)


@dataclass(frozen=True, slots=True)
class Look:
    """A moment of the run; bytes, and the trades that were settled by then."""

    trades: int
    resident: int
    journal: int
    chains: int

    @property
    def rest(self) -> int:
        """Neither journal nor blocks and states."""
        return self.resident - self.journal - self.chains


@dataclass(frozen=True, slots=True)
class Memory:
    """Peak of the process in bytes, and what each part grows by with every settled trade."""

    trades: int
    peak: int
    journal_each: float
    chains_each: float
    rest_each: float


def measure(trades: int = TRADES) -> Memory:
    """Settle trades in one run, looking now and then."""
    rounds = trades // PER_ROUND
    street = Street(rounds, PER_ROUND)
    looks = []
    for number in range(1, rounds + 1):
        street.round()
        if number % (rounds // LOOKS) == 0:
            looks.append(_look(street, number * PER_ROUND))
    first, last = looks[0], looks[-1]
    grown = last.trades - first.trades
    peak = _peak()
    return Memory(
        last.trades,
        peak,
        (last.journal - first.journal) / grown,
        (last.chains - first.chains) / grown,
        (last.rest - first.rest) / grown,
    )


def _look(street: Street, trades: int) -> Look:
    """Sizes are counted in a copy of the process: counting takes memory itself."""
    gc.collect()
    resident = _resident()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        seen: set[int] = set()
        journal = _size([street.testbed.journal], seen)
        chains = _size(street.testbed.world.engines.values(), seen)
        os.write(writing, json.dumps([journal, chains]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        journal, chains = json.load(answer)
    os.waitpid(child, 0)
    return Look(trades, resident, journal, chains)


def _peak() -> int:
    """The most of this program; ``ru_maxrss`` would count the process that started it as well."""
    status = Path("/proc/self/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * KIB


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def _size(roots: Iterable[object], seen: set[int]) -> int:
    """Bytes of all that can be reached and was not seen before."""
    waiting, size = list(roots), 0
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, SHARED):
            continue
        seen.add(id(thing))
        size += sys.getsizeof(thing)
        waiting += gc.get_referents(thing)
    return size


def in_a_process(trades: int) -> Memory:
    """The same in a process that has nothing else in it."""
    command = [sys.executable, "-m", "bench.memory", str(trades)]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return Memory(**json.loads(done.stdout))


if __name__ == "__main__":
    print(json.dumps(asdict(measure(*map(int, sys.argv[1:])))))
