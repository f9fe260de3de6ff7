"""An abstract world in which one trade lives: the hub, the foreign chains, what they can know.

Legs on one chain are alike, so only their number counts. A fact is a status that was announced and
whose proof would be accepted now; whoever the fact is for may learn it or not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from bridge.model import Status
from bridge.protocols.hold_decide.cells import Table
from bridge.protocols.hold_decide.table import TRANSITIONS

ENDED = frozenset(
    {Status.COMMITTED, Status.ABORTED, Status.EXECUTED, Status.RELEASED, Status.REFUSED}
)
UNDONE = frozenset({Status.ABORTED, Status.RELEASED, Status.REFUSED})
WAITING = frozenset({Status.HELD, Status.OBJECTED})


class Hub(NamedTuple):
    """The hub and its own chain."""

    status: Status = Status.NONE
    clock: int = 0
    missing: int = 0  # bit i: foreign chain i is not marked yet
    left: int = 0  # legs here that their tokens left behind


class Far(NamedTuple):
    """One foreign chain and its legs; facts are sets of statuses, as bits."""

    status: Status = Status.NONE
    clock: int = 0
    told: int = 0  # what the hub's client of this chain would let through
    heard: int = 0  # what the client here would let through from the hub
    is_hub_deaf: bool = False  # the hub's client of this chain is frozen
    is_deaf: bool = False  # the client of the hub's chain here is frozen
    left: int = 0


World = tuple[Hub, *tuple[Far, ...]]


@dataclass(frozen=True, slots=True)
class Rules:
    """How the world behaves; other than by default only to show what a rule is for."""

    table: Table = field(default_factory=lambda: TRANSITIONS)
    do_parties_follow_the_hub: bool = True  # they resolve a trade only as its hub has decided it
    can_clients_freeze: bool = True
    are_alike_merged: bool = True  # drop what cannot matter any more


def is_ended(world: World) -> bool:
    """Decided, nothing held, nothing left behind."""
    hub, fars = _parts(world)
    return (
        hub.status in (Status.COMMITTED, Status.ABORTED)
        and not hub.left
        and all(far.status not in WAITING and not far.left for far in fars)
    )


def is_one_sided(world: World, hub_legs: int, far_legs: tuple[int, ...]) -> bool:
    """Whether one leg is executed while another is released, refused or aborted."""
    hub, fars = _parts(world)
    is_some_done = hub.status is Status.COMMITTED and hub.left < hub_legs
    is_some_undone = hub.status is Status.ABORTED and hub_legs > 0
    for far, legs in zip(fars, far_legs, strict=True):
        is_some_done |= far.status is Status.EXECUTED and far.left < legs
        is_some_undone |= far.status in UNDONE
    return is_some_done and is_some_undone


def is_decided_first(world: World) -> bool:
    """Whether every leg follows the hub, and the hub committed only what was held everywhere."""
    hub, fars = _parts(world)
    is_committed = hub.status is Status.COMMITTED
    for far in fars:
        if far.status is Status.EXECUTED and not is_committed:
            return False
        if far.status is Status.RELEASED and hub.status is not Status.ABORTED:
            return False
        if is_committed and far.status not in WAITING | {Status.EXECUTED}:
            return False
    return True


def _parts(world: World) -> tuple[Hub, tuple[Far, ...]]:
    return world[0], world[1:]


def is_changed(world: World, after: World) -> bool:
    """Whether a decision or an ended leg became something else."""
    return any(
        was in ENDED and was is not now
        for was, now in zip(_statuses(world), _statuses(after), strict=True)
    )


def _statuses(world: World) -> tuple[Status, ...]:
    hub, fars = _parts(world)
    return (hub.status, *(far.status for far in fars))
