"""A relayer that comes back to thousands of open trades, and crashes again in the middle of them.

    python -m bench.restart [TRADES]    figures as JSON

The relayer is away while the trades are opened and held on both chains. A new one reads the chains,
begins to carry, crashes two seconds later, and another goes on from the outbox it left on disk.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.street import FIRST_S, outbox_on_disk, street
from bridge.testbed.fault_terms import RelayerRestart
from bridge.testbed.testbed import Testbed

ROOT = Path(__file__).resolve().parent.parent
TRADES = 6_000
LIFE_S = 2
SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Restart:
    """What became of the trades, and how long it took from the relayer's return to the last."""

    trades: int
    open_at_return: int
    settled: int
    seconds: float


def measure(trades: int = TRADES) -> Restart:
    """Let a relayer fail twice, and wait until everything is settled."""
    asked = street(1, trades)
    submitted = tuple(
        trade.model_copy(update={"submit_at_s": 1, "prepare_by_s": 600, "decide_by_s": 600})
        for trade in asked.trades[:-1]
    )
    faults = (
        RelayerRestart(kind="relayer_restart", at_s=1, down_for_s=FIRST_S),
        RelayerRestart(kind="relayer_restart", at_s=FIRST_S + 1 + LIFE_S),
    )
    asked = asked.model_copy(update={"trades": submitted, "faults": faults})
    with outbox_on_disk() as outbox:
        testbed = Testbed.from_scenario(asked, engine="revm", outbox=outbox)
        for _ in range(FIRST_S + 1):
            testbed.step()
        waiting = testbed.open_trades
        start = time.perf_counter()
        while testbed.open_trades:
            testbed.step()
        seconds = time.perf_counter() - start
        testbed.run()
        verdicts = [trade.verdict for trade in testbed.query().trades.values()]
    return Restart(trades, waiting, verdicts.count(SETTLED), seconds)


def in_a_process(trades: int) -> Restart:
    """The same in a process that has nothing else in it."""
    command = [sys.executable, "-m", "bench.restart", str(trades)]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return Restart(**json.loads(done.stdout))


if __name__ == "__main__":
    print(json.dumps(asdict(measure(*map(int, sys.argv[1:])))))
