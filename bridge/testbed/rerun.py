"""A recorded run, brought to life again to look into what its journal only names.

The journal has hashes; blocks, receipts and proofs are made again from scenario and seed. What is
made is compared with what was recorded, so nothing is shown that the recorded run did not have.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bridge.errors import JournalError, UsageError, Where, quoted
from bridge.journal import Journal
from bridge.testbed.names import did_you_mean
from bridge.testbed.replay import Watch, begin, steps
from bridge.testbed.testbed import Testbed
from chains.engine import Engine


@dataclass(frozen=True, slots=True)
class Rerun:
    """What was recorded, and the testbed that stands where it was made again."""

    recorded: Journal
    testbed: Testbed

    def engine(self, chain: str) -> Engine:
        """A chain of the run by its name. Raises UsageError."""
        engines = self.testbed.world.engines
        if chain not in engines:
            message = f"the run has no chain {quoted(chain)}"
            raise UsageError("E-USAGE-CHAIN", message, hint=did_you_mean(chain, list(engines)))
        return engines[chain]


def rerun(
    run: Path, engine: str, until: Callable[[Testbed], bool], watch: Watch = lambda _testbed: None
) -> Rerun:
    """Run again until ``until`` holds, at most as far as the journal goes.

    Raises JournalError, also when the run does not come out as it was recorded.
    """
    recorded, testbed = begin(run, engine)
    for _ in steps(recorded, testbed):
        watch(testbed)
        if until(testbed):
            break
    if any(one != other for one, other in zip(recorded, testbed.journal, strict=False)):
        message = "the run does not come out as it was recorded"
        hint = "`replay` shows the first event that differs"
        raise JournalError("E-JOURNAL-DIFFERS", message, Where(str(run)), hint)
    return Rerun(recorded, testbed)
