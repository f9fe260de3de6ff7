"""The protocol explored exhaustively, and what each of its rules is for."""

import re
from functools import cache
from pathlib import Path

import pytest

import bridge
from bridge.model import Status
from bridge.protocols.hold_decide.cells import (
    Cell,
    Refused,
    Table,
    Transition,
    checks,
)
from bridge.protocols.hold_decide.exploration import (
    FOUR_CHAINS,
    PLACEMENTS,
    Findings,
    explore,
    row,
)
from bridge.protocols.hold_decide.laws import Laws
from bridge.protocols.hold_decide.table import TRANSITIONS, altered
from bridge.protocols.hold_decide.tidy import Tidy
from bridge.protocols.hold_decide.words import Effect, Event, Guard, Reason, Role
from bridge.protocols.hold_decide.world import Rules, World, is_ended, is_one_sided

DECISION = Path(bridge.__file__).parents[1] / "docs" / "decisions" / "002-explored-protocol.md"
TWO_CHAINS = [placement for placement in PLACEMENTS if len(placement[1]) == 1]
explored = cache(explore)  # with the table as it is
IMPOSSIBLE = Cell((), Refused(Reason.NOTHING_TO_ANNOUNCE))


def without(*events: Event) -> Table:
    """The table in which these events are always refused."""
    return {
        role: {state: {**row, **dict.fromkeys(events, IMPOSSIBLE)} for state, row in rows.items()}
        for role, rows in TRANSITIONS.items()
    }


def worlds(hub_legs: int, far_legs: tuple[int, ...], rules: Rules) -> set[World]:
    laws = Laws(hub_legs, far_legs, rules)
    seen = {laws.start}
    waiting = [laws.start]
    while waiting:
        for after, _ in laws.successors(waiting.pop()):
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return seen


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_no_trade_ends_one_sided_changed_or_stuck(
    placement: tuple[int, tuple[int, ...]],
) -> None:
    found = explored(*placement)
    assert found.are_clean, found
    assert found.visited > 100


@pytest.mark.parametrize("placement", FOUR_CHAINS)
def test_four_chains_without_freezes_hold_as_well(placement: tuple[int, tuple[int, ...]]) -> None:
    found = explore(*placement, Rules(can_clients_freeze=False))
    assert found.are_clean, found


@pytest.mark.parametrize("placement", TWO_CHAINS)
def test_merging_alike_worlds_loses_none_and_invents_none(
    placement: tuple[int, tuple[int, ...]],
) -> None:
    everything = Rules(are_alike_merged=False)
    assert explore(*placement, everything).are_clean
    tidy = Tidy(Rules())
    kept = {tidy.world(world[0], world[1:]) for world in worlds(*placement, everything)}
    assert kept == {tidy.world(w[0], w[1:]) for w in worlds(*placement, Rules())}


def test_the_exploration_sees_trades_end_both_ways_and_races_on_the_way() -> None:
    found = worlds(1, (1,), Rules())
    ended = {tuple(part.status for part in world) for world in found if is_ended(world)}
    assert ended == {
        (Status.COMMITTED, Status.EXECUTED),
        (Status.ABORTED, Status.RELEASED),
        (Status.ABORTED, Status.REFUSED),
        (Status.ABORTED, Status.NONE),
    }
    passed = {tuple(part.status for part in world) for world in found}
    assert (Status.COMMITTED, Status.OBJECTED) in passed
    assert (Status.ABORTED, Status.HELD) in passed


def test_without_announce_a_buried_receipt_is_a_dead_end() -> None:
    found = explore(1, (1,), Rules(table=without(Event.ANNOUNCE)))
    assert found.dead_ends > 0
    assert found.one_sided == 0


def test_without_the_hubs_clock_a_silent_party_is_a_dead_end() -> None:
    assert explore(1, (1,), Rules(table=without(Event.ABORT))).dead_ends > 0


def test_without_resolve_a_frozen_client_is_a_dead_end() -> None:
    table = without(Event.RESOLVE_COMMITTED, Event.RESOLVE_ABORTED)
    assert explore(1, (1,), Rules(table=table)).dead_ends > 0
    assert explore(1, (1,), Rules(table=table, can_clients_freeze=False)).are_clean


def test_without_delivery_of_one_leg_a_failing_token_is_a_dead_end() -> None:
    assert explore(1, (1,), Rules(table=without(Event.DELIVER))).dead_ends > 0


def test_an_agents_clock_that_releases_makes_a_trade_one_sided() -> None:
    release = Cell(
        checks((Guard.PAST_DECIDE_BY, Reason.HUB_NOT_LATE)),
        Transition(Status.RELEASED, (Effect.RELEASE,)),
    )
    table = altered(Role.LEGS, Status.HELD, Event.ABORT, release)
    found = explore(1, (1,), Rules(table=table))
    assert found.one_sided > 0
    assert found.undecided > 0


def test_parties_who_resolve_before_the_hub_decides_can_make_a_trade_one_sided() -> None:
    found = explore(1, (1,), Rules(do_parties_follow_the_hub=False))
    assert found.one_sided > 0


def test_a_hub_that_commits_before_every_chain_is_marked_makes_a_trade_one_sided() -> None:
    cell = TRANSITIONS[Role.HUB][Status.OPEN][Event.HELD_PROVEN]
    hasty = Cell(tuple(c for c in cell.guards if c[0] is not Guard.COMPLETE), cell.answer)
    found = explore(
        0, (1, 1), Rules(table=altered(Role.HUB, Status.OPEN, Event.HELD_PROVEN, hasty))
    )
    assert found.one_sided > 0


def test_a_hold_that_its_sender_can_refuse_makes_a_trade_one_sided() -> None:
    refuse = TRANSITIONS[Role.LEGS][Status.NONE][Event.REFUSE]
    found = explore(1, (1,), Rules(table=altered(Role.LEGS, Status.HELD, Event.REFUSE, refuse)))
    assert found.one_sided > 0


def test_an_objection_that_releases_at_once_makes_a_trade_one_sided() -> None:
    at_once = Cell((), Transition(Status.RELEASED, (Effect.RELEASE,)))
    found = explore(1, (1,), Rules(table=altered(Role.LEGS, Status.HELD, Event.OBJECT, at_once)))
    assert found.one_sided > 0


def test_the_deadline_of_a_commit_is_for_the_parties_and_not_for_safety() -> None:
    cell = TRANSITIONS[Role.HUB][Status.OPEN][Event.HELD_PROVEN]
    late = Cell(tuple(c for c in cell.guards if c[0] is not Guard.TIME_TO_DECIDE), cell.answer)
    table = altered(Role.HUB, Status.OPEN, Event.HELD_PROVEN, late)
    assert explore(1, (1,), Rules(table=table)).are_clean


@pytest.mark.parametrize(
    ("state", "event", "target"),
    [
        (Status.ABORTED, Event.HELD_PROVEN, Status.COMMITTED),
        (Status.COMMITTED, Event.OBJECTED_PROVEN, Status.ABORTED),
        (Status.COMMITTED, Event.CANCEL, Status.ABORTED),
        (Status.ABORTED, Event.OPEN, Status.OPEN),
    ],
)
def test_a_hub_that_changes_its_mind_is_found_out(
    state: Status, event: Event, target: Status
) -> None:
    again = Cell((), Transition(target, (Effect.ANNOUNCE,)))
    assert explore(1, (1,), Rules(table=altered(Role.HUB, state, event, again))).changed > 0


def test_a_tombstone_that_can_be_held_again_is_found_out() -> None:
    hold = TRANSITIONS[Role.LEGS][Status.NONE][Event.HOLD]
    found = explore(1, (1,), Rules(table=altered(Role.LEGS, Status.REFUSED, Event.HOLD, hold)))
    assert found.changed > 0


@pytest.mark.parametrize(
    ("state", "event", "target"),
    [
        (Status.EXECUTED, Event.ABORTED_PROVEN, Status.RELEASED),
        (Status.RELEASED, Event.COMMITTED_PROVEN, Status.EXECUTED),
        (Status.REFUSED, Event.COMMITTED_PROVEN, Status.EXECUTED),
    ],
)
def test_a_contradicting_packet_never_comes_so_that_one_is_an_alarm(
    state: Status, event: Event, target: Status
) -> None:
    assert TRANSITIONS[Role.LEGS][state][event].answer == Refused(Reason.LEGS_CONTRADICTION)
    gullible = Cell((), Transition(target))
    assert explore(1, (1,), Rules(table=altered(Role.LEGS, state, event, gullible))).are_clean


def test_findings_are_clean_only_when_nothing_was_found() -> None:
    assert Findings(9, 0, 0, 0, 0).are_clean
    for fault in range(1, 5):
        counts = [9, 0, 0, 0, 0]
        counts[fault] = 1
        assert not Findings(*counts).are_clean


def test_a_trade_with_a_leg_left_behind_on_both_sides_is_not_one_sided() -> None:
    for world in worlds(2, (2,), Rules()):
        assert not is_one_sided(world, 2, (2,))


def test_the_counts_in_the_decision_record_are_those_found() -> None:
    text = DECISION.read_text(encoding="utf-8")
    for placement in PLACEMENTS:
        assert row(*placement, explored(*placement)) in text
    recorded = re.findall(r"^\| \d \| [\d +]+ \| [\d,]+ \|.*$", text, re.MULTILINE)
    assert len(recorded) == len(PLACEMENTS + FOUR_CHAINS)
    assert all(line.endswith("| 0 | 0 | 0 | 0 |") for line in recorded)
