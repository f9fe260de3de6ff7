"""A fault is told in words, and while the relayer is away its card says so."""

from __future__ import annotations

import pytest

from gui.event_words import FAULTS
from gui.messages import sentence_of
from gui.models.facts import RunFacts
from gui.models.network_scene import network_scene
from gui.models.plain import happening_of
from gui.models.scene import StepState
from gui.models.tape import Tape
from tests.support.shipped import ran

FAULTY = [
    "relayer_restart",
    "third_party_finishes",
    "finality_lag_reorg",
    "validator_rotation",
    "frozen_after_commit",
    "insolvent_between_hold_and_decision",
]
RUN = RunFacts("told", "", 1, 0, ("shanghai", "london"), {}, {}, 1)


def test_the_relayer_is_away_while_it_has_crashed_and_falls_behind() -> None:
    tape = Tape()
    seen = []
    for place, entry in enumerate(ran("relayer_restart").journal):
        tape.take([happening_of(place, entry.at_ms, entry.event)])
        card = network_scene(RUN, tape, {}, entry.at_ms, "").relayer
        seen.append((entry.at_ms, card.state, card.lag))
    away = [(at_ms, lag) for at_ms, state, lag in seen if state is StepState.FAILED]
    assert (away[0], away[-1]) == ((4_200, 0), (11_200, 0))
    assert max(lag for _, lag in away) == 6
    assert seen[-1][1] is StepState.SETTLED


@pytest.mark.parametrize("name", FAULTY)
def test_no_fault_is_told_by_its_code(name: str) -> None:
    happenings = [happening_of(n, 0, entry.event) for n, entry in enumerate(ran(name).journal)]
    faults = [one for one in happenings if one.kind == "FaultInjected"]
    assert faults
    for one in faults:
        assert FAULTS[one.text("fault")] in sentence_of(RUN, one, {})
