"""The shipped scenarios, run once each a process, and which of them a test can afford."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from hypothesis import settings

from bridge.events import Event, FaultInjected
from bridge.testbed.scenario import Scenario
from bridge.testbed.scenario_file import load_scenario, shipped_scenarios
from bridge.testbed.testbed import Testbed

LARGE: Final = frozenset({"market_day"})
"""Half a second a block on the reference engine: for ``make nightly`` there."""

SAMPLE: Final = ("cross_currency_dvp", "finality_lag_reorg", "objected")
"""Few that between them have three legs, unsealed blocks, and words of an authority."""


def is_nightly() -> bool:
    """True in ``make nightly``, which may take its time."""
    return settings.get_current_profile_name() == "nightly"


def affordable() -> tuple[str, ...]:
    """What the reference engine can run in ``make test``: everything at night."""
    return tuple(name for name in shipped_scenarios() if is_nightly() or name not in LARGE)


@cache
def ran(name: str) -> Testbed:
    """A shipped scenario at its end, on the default engine."""
    return run_to_its_end(load_scenario(name))


def run_to_its_end(scenario: Scenario) -> Testbed:
    """A scenario at its end, on the default engine."""
    testbed = Testbed.from_scenario(scenario)
    testbed.run()
    return testbed


def told(testbed: Testbed, *kinds: type[Event]) -> Iterator[Event]:
    """The events of these kinds, in order."""
    return (entry.event for entry in testbed.journal if isinstance(entry.event, kinds))


def faults(testbed: Testbed) -> list[tuple[str, str]]:
    """The faults that happened, and to whom."""
    return [
        (e.fault, e.target) for e in told(testbed, FaultInjected) if isinstance(e, FaultInjected)
    ]
