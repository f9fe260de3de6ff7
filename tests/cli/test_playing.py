"""Playing a scenario in this process leaves the process as it was."""

from __future__ import annotations

import gc

import pytest

from bridge.commandline.playing import Order, play
from bridge.commandline.terminal import Canvas
from bridge.errors import ExitCode
from bridge.testbed.garbage import COLLECTING_AFTER
from bridge.testbed.testbed import Testbed
from tests.support.runs import PVP, scenario

ORDER = Order(scenario(PVP), None, "auto", None, None, Canvas(80, is_colourful=False))


def test_garbage_is_looked_for_seldom_in_a_run_and_as_before_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, step = gc.get_threshold(), Testbed.step
    during: list[int] = []

    def watched(testbed: Testbed) -> bool:
        during.append(gc.get_threshold()[0])
        assert gc.get_freeze_count()
        return step(testbed)

    monkeypatch.setattr(Testbed, "step", watched)
    assert play(ORDER, lambda _: None).code is ExitCode.OK
    assert set(during) == {COLLECTING_AFTER}
    assert gc.get_threshold() == before
    assert not gc.get_freeze_count()


def test_it_is_looked_for_as_before_after_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: Testbed) -> bool:
        raise ValueError("unforeseen")

    before = gc.get_threshold()
    monkeypatch.setattr(Testbed, "step", failing)
    with pytest.raises(ValueError, match="unforeseen"):
        play(ORDER, lambda _: None)
    assert gc.get_threshold() == before
