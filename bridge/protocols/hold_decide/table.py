"""THE STATE MACHINE: what a settlement contract answers to every event in every state.

``TRANSITIONS[role][state][event]`` is a cell: guards in the order in which the contract checks
them, each with the answer given when it fails, and the answer when all hold. Nothing is left
undefined: illegal pairs are cells too, with the reason for the refusal. A refused event changes
nothing.

Mirrors contracts/settlement.vy; the tests drive the contract through every cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bridge.errors import ProtocolError
from bridge.model import Status
from bridge.protocols.hold_decide.cells import Answer, Cell, NoOp, Refused, Table, Transition
from bridge.protocols.hold_decide.hub import HUB
from bridge.protocols.hold_decide.legs import LEGS
from bridge.protocols.hold_decide.words import Event, Guard, Role

TRANSITIONS: Table = {Role.HUB: HUB, Role.LEGS: LEGS}

STATES: Mapping[Role, tuple[Status, ...]] = {
    Role.HUB: (Status.NONE, Status.OPEN, Status.COMMITTED, Status.ABORTED),
    Role.LEGS: (
        Status.NONE,
        Status.HELD,
        Status.OBJECTED,
        Status.EXECUTED,
        Status.RELEASED,
        Status.REFUSED,
    ),
}


def answer(
    role: Role,
    state: Status,
    event: Event,
    failing: Collection[Guard] = (),
    table: Table = TRANSITIONS,
) -> Answer:
    """What the contract answers when exactly the guards in ``failing`` do not hold."""
    cell = table[role][state][event]
    for guard, answer_if_it_fails in cell.guards:
        if guard in failing:
            return answer_if_it_fails
    return cell.answer


def step(
    role: Role, state: Status, event: Event, failing: Collection[Guard] = ()
) -> Transition | NoOp:
    """As ``answer``, for those who may only ask for what is legal. Raises ProtocolError."""
    answered = answer(role, state, event, failing)
    if isinstance(answered, Refused):
        raise ProtocolError(
            "E-PROTOCOL-REFUSED",
            f"{event.value} in {state.name} is refused by the {role.value}: "
            f"{answered.reason.value}",
        )
    return answered


@dataclass(frozen=True, slots=True)
class Case:
    """One question to the contract and the answer it owes: at most one guard fails."""

    role: Role
    state: Status
    event: Event
    failing: Guard | None
    expected: Answer


def cases(table: Table = TRANSITIONS) -> Iterator[Case]:
    """Every (state, event, guard true or false): first all guards hold, then each fails alone."""
    for role, rows in table.items():
        for state, row in rows.items():
            for event, cell in row.items():
                yield Case(role, state, event, None, cell.answer)
                for guard, expected in cell.guards:
                    yield Case(role, state, event, guard, expected)


def altered(role: Role, state: Status, event: Event, cell: Cell) -> Table:
    """The table with one cell replaced: a protocol that we did not choose, to show why."""
    rows = {**TRANSITIONS[role], state: {**TRANSITIONS[role][state], event: cell}}
    return {**TRANSITIONS, role: rows}
