"""One repeat of our own figures: trades one after the other, then in batches, and their floors.

    python -m bench.ours ALONE ROUNDS [unaudited]     figures as JSON

A process of its own, because that is what a run is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.figures import Latencies
from bench.floor import floor_of
from bench.street import Street, outbox_on_disk
from bridge.testbed.garbage import rarely_collecting

ROOT = Path(__file__).resolve().parent.parent
ALONE = 300
ROUNDS = 16
PER_ROUND = 160
WARM_UP = 4
UNAUDITED = "unaudited"


@dataclass(frozen=True, slots=True)
class Repeat:
    """What rounds took, in ms, and the floor below each of their trades."""

    alone_ms: tuple[float, ...]
    alone_floor_ms: float
    batched_ms: tuple[float, ...]
    batched_floor_ms: float

    @property
    def alone(self) -> Latencies:
        """One trade a round."""
        return Latencies(self.alone_ms)

    @property
    def batched_per_s(self) -> float:
        """Trades in a second, many a round."""
        return PER_ROUND * Latencies(self.batched_ms).per_s

    @property
    def alone_efficiency(self) -> float:
        """Floor over actual time."""
        return self.alone_floor_ms * self.alone.per_s / 1000

    @property
    def batched_efficiency(self) -> float:
        """The same in batches."""
        return self.batched_floor_ms * self.batched_per_s / 1000


def measure(alone: int, rounds: int, *, audited: bool = True) -> Repeat:
    """Settle, with the outbox on disk; what others have left for the disk to write goes first."""
    os.sync()
    singly = _settled(alone, 1, audited=audited)
    return Repeat(*singly, *_settled(rounds, PER_ROUND, audited=audited))


def in_a_process(alone: int, rounds: int, *, audited: bool = True) -> Repeat:
    """The same in a process that has nothing else in it, as a run has."""
    command = [sys.executable, "-m", "bench.ours", str(alone), str(rounds)]
    command += [] if audited else [UNAUDITED]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    told = json.loads(done.stdout)
    return Repeat(
        alone_ms=tuple(told["alone_ms"]),
        alone_floor_ms=told["alone_floor_ms"],
        batched_ms=tuple(told["batched_ms"]),
        batched_floor_ms=told["batched_floor_ms"],
    )


def _settled(rounds: int, per_round: int, *, audited: bool) -> tuple[tuple[float, ...], float]:
    """How long each round took, and the floor of a trade."""
    taken: list[float] = []
    with outbox_on_disk() as outbox, rarely_collecting():
        street = Street(rounds + WARM_UP, per_round, outbox=outbox, audited=audited)
        for _ in range(WARM_UP):
            street.round()

        def settle() -> int:
            taken.extend(1000 * street.round().wall_s for _ in range(rounds))
            return rounds * per_round

        floor = floor_of(street, settle)
    return tuple(taken), floor.ms_each


if __name__ == "__main__":
    asked = measure(int(sys.argv[1]), int(sys.argv[2]), audited=UNAUDITED not in sys.argv)
    print(json.dumps(asdict(asked)))
