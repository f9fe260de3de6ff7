"""The pages show the table as it is."""

from pathlib import Path

import pytest

import bridge
from bridge.model import Status
from bridge.protocols.hold_decide.cells import Transition
from bridge.protocols.hold_decide.diagram import (
    DRAWINGS,
    answers,
    guards,
    hub,
    legs,
    overview,
    redrawn,
)
from bridge.protocols.hold_decide.table import STATES, TRANSITIONS
from bridge.protocols.hold_decide.words import Event, Guard, Role

ROOT = Path(bridge.__file__).parents[1]
PAGES = {"docs/protocol.md": set(DRAWINGS), "README.md": {"overview"}}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_the_table_as_it_is(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert all(f"<!-- drawn: {name} -->" in text for name in PAGES[page])
    assert redrawn(text) == text


def test_a_page_that_is_out_of_date_is_redrawn() -> None:
    page = "before\n<!-- drawn: proof -->\nold\n<!-- end -->\nafter\n"
    drawn = redrawn(page)
    assert drawn.startswith("before\n<!-- drawn: proof -->\n1. ")
    assert drawn.endswith("\n<!-- end -->\nafter\n")
    assert "old" not in drawn


def test_a_marker_for_no_drawing_is_an_error() -> None:
    with pytest.raises(KeyError, match="triangle"):
        redrawn("<!-- drawn: triangle -->\n<!-- end -->")


@pytest.mark.parametrize(("role", "drawn"), [(Role.HUB, hub()), (Role.LEGS, legs())])
def test_every_way_from_one_state_to_another_is_drawn(role: Role, drawn: str) -> None:
    for state in STATES[role]:
        for event, cell in TRANSITIONS[role][state].items():
            if isinstance(cell.answer, Transition) and cell.answer.target is not state:
                target = cell.answer.target.name
                arrow = f"{role.value}_{state.name} --> {role.value}_{target}: "
                for picture, way in ((drawn, f"{state.name} --> {target}: "), (overview(), arrow)):
                    (line,) = [line for line in picture.splitlines() if way in line]
                    assert event.value in line


@pytest.mark.parametrize(
    ("role", "drawn", "last"),
    [
        (Role.HUB, hub(), {Status.COMMITTED, Status.ABORTED}),
        (Role.LEGS, legs(), {Status.EXECUTED, Status.RELEASED, Status.REFUSED}),
    ],
)
def test_final_states_and_no_others_are_drawn_as_final(
    role: Role, drawn: str, last: set[Status]
) -> None:
    for state in STATES[role]:
        assert (f"{state.name} --> [*]" in drawn) == (state in last)


def test_clocks_and_callers_are_drawn_and_proofs_are_not() -> None:
    for guard in (Guard.TIME_TO_DECIDE, Guard.PAST_DECIDE_BY, Guard.BY_AN_AUTHORITY):
        assert guard.value in hub()
    assert Guard.SEALED.value not in hub()


def test_every_event_has_a_line_for_each_role() -> None:
    for event in Event:
        assert answers().count(f"\n| {event.value} |") == len(Role)


def test_every_guard_that_can_refuse_is_listed() -> None:
    told = guards() + DRAWINGS["proof"]()
    branching = {Guard.IS_NEWS, Guard.COMPLETE, Guard.HAS_FOREIGN_LEGS}
    for guard in Guard:
        assert (guard.value in told) == (guard not in branching)
