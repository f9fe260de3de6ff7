"""The table: complete, closed, and saying what the safety rules say."""

import re
from pathlib import Path

import pytest

import contracts
from bridge.errors import ProtocolError
from bridge.model import Status
from bridge.protocols.hold_decide import (
    REASON_TEXTS,
    STATES,
    TRANSITIONS,
    Effect,
    Event,
    Guard,
    NoOp,
    Reason,
    Refused,
    Role,
    Transition,
    answer,
    cases,
    reason_of,
    step,
)

CELLS = [
    (role, state, event, TRANSITIONS[role][state][event])
    for role in Role
    for state in STATES[role]
    for event in Event
]
DECIDED = {Status.COMMITTED, Status.ABORTED}
FINAL = {Status.EXECUTED, Status.RELEASED, Status.REFUSED}
CLOCKS = {Guard.TIME_TO_PREPARE, Guard.TIME_TO_DECIDE, Guard.PAST_DECIDE_BY}
# Refusals that are not about one trade: deployment, batch shapes, and calls only to itself.
NOT_OF_A_TRADE = {"BATCH_SHAPE", "LOW_MEMBER_GAS", "NOT_ITSELF", "PEER_ORDER", "PEER_ZERO"}


def transitions() -> list[tuple[Role, Status, Event, Transition]]:
    """Every way to change a state, under whatever guards."""
    return [
        (role, state, event, found)
        for role, state, event, cell in CELLS
        for found in (*(fails for _, fails in cell.guards), cell.answer)
        if isinstance(found, Transition)
    ]


def test_every_event_in_every_state_has_an_answer() -> None:
    for role in Role:
        assert set(TRANSITIONS[role]) == set(STATES[role])
        for state in STATES[role]:
            assert set(TRANSITIONS[role][state]) == set(Event)
    assert len(CELLS) == 150


def test_every_transition_leads_to_a_state_of_the_same_role() -> None:
    for role, _, _, found in transitions():
        assert found.target in STATES[role]


def test_every_state_is_reached_from_none() -> None:
    for role in Role:
        reached = {Status.NONE}
        for _ in STATES[role]:
            reached |= {
                t.target for r, state, _, t in transitions() if r is role and state in reached
            }
        assert reached == set(STATES[role])


def test_a_guard_is_checked_once_in_a_cell() -> None:
    for _, _, _, cell in CELLS:
        guards = [guard for guard, _ in cell.guards]
        assert len(guards) == len(set(guards))


def test_every_word_of_the_table_is_used() -> None:
    guards = {guard for *_, cell in CELLS for guard, _ in cell.guards}
    effects = {effect for *_, found in transitions() for effect in found.effects}
    reasons = {case.expected.reason for case in cases() if isinstance(case.expected, Refused)}
    assert guards == set(Guard)
    assert effects == set(Effect)
    assert reasons == set(Reason)


@pytest.mark.parametrize("state", sorted(DECIDED))
def test_a_decision_is_never_taken_back(state: Status) -> None:
    targets = {t.target for role, at, _, t in transitions() if role is Role.HUB and at is state}
    assert targets == {state}


@pytest.mark.parametrize("state", sorted(FINAL))
def test_an_ended_leg_stays_ended(state: Status) -> None:
    targets = {t.target for role, at, _, t in transitions() if role is Role.LEGS and at is state}
    assert targets == {state}


def test_a_hold_leaves_only_through_a_decision_or_a_unanimous_resolution() -> None:
    leaving = {
        event
        for role, state, event, found in transitions()
        if role is Role.LEGS and state in (Status.HELD, Status.OBJECTED)
        if found.target not in (Status.HELD, Status.OBJECTED)
    }
    assert leaving == {
        Event.COMMITTED_PROVEN,
        Event.ABORTED_PROVEN,
        Event.RESOLVE_COMMITTED,
        Event.RESOLVE_ABORTED,
    }


def test_a_resolution_needs_a_frozen_client_and_everybody() -> None:
    for event in (Event.RESOLVE_COMMITTED, Event.RESOLVE_ABORTED):
        for state in (Status.HELD, Status.OBJECTED):
            guards = [guard for guard, _ in TRANSITIONS[Role.LEGS][state][event].guards]
            assert guards[1:3] == [Guard.CLIENT_FROZEN, Guard.SIGNED_BY_ALL]


def test_an_agents_clock_only_refuses_a_new_hold() -> None:
    timed = {
        (state, event, guard)
        for role, state, event, cell in CELLS
        if role is Role.LEGS
        for guard, _ in cell.guards
        if guard in CLOCKS
    }
    assert timed == {(Status.NONE, Event.HOLD, Guard.TIME_TO_PREPARE)}


def test_the_hubs_clock_only_aborts_or_refuses() -> None:
    for role, _, event, cell in CELLS:
        for guard, fails in cell.guards:
            if guard is Guard.PAST_DECIDE_BY:
                assert role is Role.HUB
                assert event is Event.ABORT
                assert cell.answer == Refused(Reason.HUB_ALREADY_DECIDED) or (
                    isinstance(cell.answer, Transition) and cell.answer.target is Status.ABORTED
                )
            if guard in CLOCKS:
                assert isinstance(fails, Refused)


def test_executing_follows_only_a_commit_and_releasing_only_an_abort() -> None:
    for _, _, _, found in transitions():
        committed = found.target in (Status.COMMITTED, Status.EXECUTED)
        assert committed or Effect.EXECUTE not in found.effects
        aborted = found.target in (Status.ABORTED, Status.RELEASED)
        assert aborted or Effect.RELEASE not in found.effects


def test_a_state_that_other_chains_need_is_announced_when_it_is_entered() -> None:
    needed = {Status.HELD, Status.OBJECTED, Status.REFUSED, *DECIDED}
    for _, state, event, found in transitions():
        enters = found.target is not state
        expected = (enters and found.target in needed) or event is Event.ANNOUNCE
        assert (Effect.ANNOUNCE in found.effects) == expected


def test_a_fact_can_be_announced_again_as_long_as_it_stands() -> None:
    for role in Role:
        for state in STATES[role]:
            expected = state in {Status.HELD, Status.OBJECTED, Status.REFUSED, *DECIDED}
            got = answer(role, state, Event.ANNOUNCE)
            assert (got == Transition(state, (Effect.ANNOUNCE,))) == expected
            assert isinstance(got, Refused) != expected


@pytest.mark.parametrize(
    ("state", "same", "opposite"),
    [
        (Status.EXECUTED, Event.COMMITTED_PROVEN, Event.ABORTED_PROVEN),
        (Status.RELEASED, Event.ABORTED_PROVEN, Event.COMMITTED_PROVEN),
        (Status.REFUSED, Event.ABORTED_PROVEN, Event.COMMITTED_PROVEN),
    ],
)
def test_the_same_decision_again_is_nothing_and_the_opposite_a_contradiction(
    state: Status, same: Event, opposite: Event
) -> None:
    assert answer(Role.LEGS, state, same) == NoOp()
    assert answer(Role.LEGS, state, opposite) == Refused(Reason.LEGS_CONTRADICTION)


@pytest.mark.parametrize("failing", [None, Guard.COMPLETE, Guard.TIME_TO_DECIDE, Guard.IS_NEWS])
def test_the_last_proven_leg_commits_in_time_and_executes_at_once(failing: Guard | None) -> None:
    expected = {
        None: Transition(Status.COMMITTED, (Effect.ANNOUNCE, Effect.EXECUTE)),
        Guard.COMPLETE: Transition(Status.OPEN, (Effect.MARK,)),
        Guard.TIME_TO_DECIDE: Refused(Reason.HUB_LATE_TO_COMMIT),
        Guard.IS_NEWS: NoOp(),
    }[failing]
    got = answer(Role.HUB, Status.OPEN, Event.HELD_PROVEN, {failing} if failing else ())
    assert got == expected


def test_a_trade_without_foreign_legs_commits_in_open() -> None:
    got = answer(Role.HUB, Status.NONE, Event.OPEN, {Guard.HAS_FOREIGN_LEGS})
    assert got == Transition(Status.COMMITTED, (Effect.PLACE, Effect.ANNOUNCE, Effect.EXECUTE))


def test_an_objection_has_no_effect_once_committed() -> None:
    stopped = answer(Role.HUB, Status.OPEN, Event.OBJECTED_PROVEN)
    assert stopped == Transition(Status.ABORTED, (Effect.ANNOUNCE, Effect.RELEASE))
    late = answer(Role.HUB, Status.COMMITTED, Event.OBJECTED_PROVEN)
    assert late == Refused(Reason.HUB_ALREADY_DECIDED)


def test_the_first_failing_guard_gives_the_answer() -> None:
    both = {Guard.SEALED, Guard.FROM_ITS_HUB}
    got = answer(Role.LEGS, Status.HELD, Event.COMMITTED_PROVEN, both)
    assert got == Refused(Reason.PROOF_NOT_SEALED)


def test_a_legal_step_is_taken() -> None:
    assert step(Role.LEGS, Status.NONE, Event.HOLD) == Transition(
        Status.HELD, (Effect.ANNOUNCE, Effect.PLACE)
    )


def test_an_illegal_step_raises_and_names_the_reason() -> None:
    with pytest.raises(ProtocolError, match="hold in REFUSED is refused by the legs"):
        step(Role.LEGS, Status.REFUSED, Event.HOLD)


def test_the_cases_are_every_cell_with_each_guard_true_and_false() -> None:
    asked = [(case.role, case.state, case.event, case.failing) for case in cases()]
    assert len(asked) == len(set(asked)) == sum(1 + len(cell.guards) for *_, cell in CELLS)
    for case in cases():
        failing = {case.failing} if case.failing else set()
        assert answer(case.role, case.state, case.event, failing) == case.expected


def reasons_in_the_contracts() -> dict[str, str]:
    """The reason constants of settlement.vy and of the modules that only it uses."""
    folder = Path(contracts.__file__).parent
    found: dict[str, str] = {}
    modules = ("hub", "legs", "peers", "records", "terms")
    for path in (folder / "settlement.vy", *(folder / "modules" / f"{m}.vy" for m in modules)):
        source = path.read_text(encoding="utf-8")
        found |= dict(re.findall(r'^(\w+): constant\(String\[32\]\) = "(.+)"$', source, re.M))
    return found


def test_every_reason_of_the_contracts_is_in_the_table_and_the_other_way_round() -> None:
    written = reasons_in_the_contracts()
    of_a_trade = {text for name, text in written.items() if name not in NOT_OF_A_TRADE}
    assert set(written) >= NOT_OF_A_TRADE
    assert {text for texts in REASON_TEXTS.values() for text in texts} == of_a_trade
    assert set(REASON_TEXTS) == set(Reason)


def test_a_revert_string_names_one_reason() -> None:
    texts = [text for texts in REASON_TEXTS.values() for text in texts]
    assert len(texts) == len(set(texts))
    assert reason_of("legs: refused before") is Reason.LEGS_TOMBSTONE


def test_a_revert_string_of_another_contract_names_no_reason() -> None:
    assert reason_of("cash: not enough available") is None


@pytest.mark.parametrize(("role", "state"), [(r, s) for r in Role for s in STATES[r]])
def test_no_event_is_answered_without_a_reason_or_an_effect(role: Role, state: Status) -> None:
    for event in Event:
        match answer(role, state, event):
            case Transition(target=target, effects=effects):
                assert target is not state or effects
            case Refused(reason=reason):
                assert REASON_TEXTS[reason]
            case NoOp():
                assert event.name.endswith("_PROVEN")
