"""Finished runs to report on: one told by hand, as good or as bad as a test wants it."""

from bridge.events import Event, ExpectationChecked, RunFinished
from bridge.report.result import Result
from tests.support.told_runs import INSTRUCTED, LISTED, REFERENCE, STARTED, journal_of, owning


def expecting(expected: str, actual: str) -> tuple[Event, ...]:
    """How a run ends that compares its only trade with an expectation."""
    return (
        ExpectationChecked(REFERENCE, expected, actual, expected == actual),
        ExpectationChecked("", "conserved", "conserved", True),
        RunFinished("all trades terminal"),
    )


def result(*events: Event) -> Result:
    """The result of a run in which the trade is instructed and then ``events`` happen."""
    journal = journal_of((STARTED, *LISTED, *owning(), INSTRUCTED, *events))
    return Result.of(journal, None, engine="told", wall_seconds=0.5)
