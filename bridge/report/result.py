"""A finished run with all that is known of it: what every way of telling it starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.errors import ExitCode
from bridge.journal import Journal
from bridge.principal import Moment, principal
from bridge.readmodel import ReadModel
from bridge.report.checks import Check, checks
from bridge.testbed.scenario import Scenario
from bridge.testbed.summary import Summary, verdict


@dataclass(frozen=True, slots=True)
class Result:
    """A run, its verdicts and the scenario that it played."""

    model: ReadModel
    journal: Journal
    summary: Summary
    checks: Sequence[Check]
    moments: Sequence[Moment]
    code: ExitCode
    scenario: Scenario | None = None

    @classmethod
    def of(
        cls,
        journal: Journal,
        scenario: Scenario | None,
        *,
        engine: str,
        wall_seconds: float,
        model: ReadModel | None = None,
    ) -> Result:
        """What the journal of a run that has started comes to; ``model`` where it is folded."""
        model, moments = model or ReadModel.of(journal), principal(journal)
        to_come = len(scenario.trades) - len(model.trades) if scenario else 0
        found = checks(model, moments, to_come)
        code = verdict(model)
        if code is ExitCode.OK and not all(check.is_met for check in found):
            code = ExitCode.FAILED
        summary = Summary.of(model, journal, engine=engine, wall_seconds=wall_seconds)
        return cls(model, journal, summary, found, moments, code, scenario)

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that are not met."""
        return tuple(check for check in self.checks if not check.is_met)
