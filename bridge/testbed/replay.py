"""Run again what a directory says was run, and find the first event that is not the same.

A run's directory holds its scenario and its journal; scenario and seed decide everything, so a
replay needs nothing else. It is also how two runs are told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final, TypeAlias

from bridge.errors import JournalError, LockstepError, Where
from bridge.events import RunFinished, RunStarted
from bridge.journal import Entry, Journal
from bridge.journal_file import read_journal
from bridge.testbed.scenario import Scenario
from bridge.testbed.scenario_file import load_scenario, shipped_scenarios
from bridge.testbed.snapshots import commands_in
from bridge.testbed.testbed import Testbed

SCENARIO_FILE: Final = "scenario.toml"
Watch: TypeAlias = Callable[[Testbed], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where two journals part; None where one of them has ended."""

    sequence: int
    left: Entry | None
    right: Entry | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was recorded and what running it again gave."""

    recorded: Journal
    repeated: Journal
    engine: str

    @property
    def is_whole(self) -> bool:
        """Whether the recorded run had come to its end."""
        return any(isinstance(entry.event, RunFinished) for entry in self.recorded)

    @property
    def difference(self) -> Difference | None:
        """Where they part, if they do."""
        return first_difference(self.recorded, self.repeated)


def first_difference(left: Journal, right: Journal) -> Difference | None:
    """The first entry in which two journals differ; None when they are the same."""
    for sequence, (one, other) in enumerate(zip_longest(left, right)):
        if one != other:
            return Difference(sequence, one, other)
    return None


def replay(run: Path, engine: str = "auto", watch: Watch = lambda _testbed: None) -> Replayed:
    """Run a directory's scenario again, up to where its journal ends.

    ``watch`` sees the testbed after every step. A journal of a run that was stopped is compared as
    far as it goes. Raises JournalError, ScenarioError.
    """
    recorded, testbed = begin(run, engine)
    for _ in steps(recorded, testbed):
        watch(testbed)
    return Replayed(recorded, testbed.journal, testbed.world.engine.name.value)


def begin(run: Path, engine: str) -> tuple[Journal, Testbed]:
    """A recorded journal and its run at virtual time zero. Raises JournalError, ScenarioError."""
    recorded = read_journal(run)
    started = _started(recorded, run)
    return recorded, Testbed.from_scenario(_scenario(run, started), started.seed, engine)


def steps(recorded: Journal, testbed: Testbed) -> Iterator[None]:
    """Do what was done, step by step, as far as the journal goes; commands at their steps.

    Raises JournalError for a command that nobody can have given.
    """
    for command in commands_in(recorded):
        while testbed.steps < command.step and testbed.step():
            yield
        if testbed.steps != command.step:
            return
        try:
            testbed.repeat(command)
        except LockstepError as error:
            message = f"a recorded command cannot be given: {error.message}"
            raise JournalError("E-JOURNAL-COMMAND", message) from error
        yield
    while len(testbed.journal) < len(recorded) and testbed.step():
        yield


def _started(journal: Journal, run: Path) -> RunStarted:
    first = next(iter(journal), None)
    if first is None or not isinstance(first.event, RunStarted):
        message = "the journal does not say which run it is of"
        raise JournalError("E-JOURNAL-HEADLESS", message, Where(str(run)))
    return first.event


def _scenario(run: Path, started: RunStarted) -> Scenario:
    """The scenario that was run: the directory's own, or a shipped one with the same content.

    One that says nothing of batching may have been run before there was any.
    """
    beside = (run if run.is_dir() else run.parent) / SCENARIO_FILE
    if beside.is_file():
        found = load_scenario(beside)
    elif started.scenario in shipped_scenarios():
        found = load_scenario(started.scenario)
    else:
        message = f"there is no {SCENARIO_FILE} beside the journal"
        raise JournalError("E-JOURNAL-SCENARIO", message, Where(str(run)))
    for run_then in (found, found.model_copy(update={"batching": False})):
        if run_then.sha256() == started.scenario_sha256:
            return run_then
    message = f"the scenario {found.name} is not the one that was run: its hash differs"
    raise JournalError("E-JOURNAL-SCENARIO-CHANGED", message, Where(str(beside)))
