"""The shipped scenarios on both engines: the same blocks and the same journal, byte for byte."""

from __future__ import annotations

import pytest

from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.testbed import Testbed
from chains.engine import Height
from chains.pyevm import PyEvmEngine
from chains.revm import RevmEngine
from tests.support.shipped import affordable


def run(scenario: str, engine: str) -> Testbed:
    testbed = Testbed.from_scenario(load_scenario(scenario), engine=engine)
    testbed.run()
    return testbed


@pytest.mark.parametrize("scenario", affordable())
def test_both_engines_tell_the_same_story_byte_for_byte(scenario: str) -> None:
    fast, reference = run(scenario, "revm"), run(scenario, "pyevm")
    for name, engine in reference.world.engines.items():
        other = fast.world.engines[name]
        assert isinstance(other, RevmEngine)
        assert isinstance(engine, PyEvmEngine)
        heights = [Height(height) for height in range(engine.latest + 1)]
        assert [other.block(at) for at in heights] == [engine.block(at) for at in heights]
    assert fast.journal.sha256() == reference.journal.sha256()
    assert b"pyevm" not in b"".join(reference.journal.lines())
