"""Everything that can happen in a world, from the table.

Besides the table's events: clocks tick, each chain's own; an announcement may be buried in a
receipt too large to prove; a client that moves on to a new validator set loses what was announced
before; a client freezes; a token fails to deliver some legs at first.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bridge.model import Status
from bridge.protocols.hold_decide.cells import Transition
from bridge.protocols.hold_decide.table import answer
from bridge.protocols.hold_decide.tidy import CLOCKS, PROVEN, Tidy
from bridge.protocols.hold_decide.words import Effect, Event, Guard, Role
from bridge.protocols.hold_decide.world import Far, Hub, Rules, World

RESOLVED = {
    Event.RESOLVE_COMMITTED: Status.COMMITTED,
    Event.RESOLVE_ABORTED: Status.ABORTED,
}
CALLS = tuple(event for event in Event if event not in PROVEN and event not in RESOLVED)
# What anybody can do, with nobody's signature; proofs too. It ends every trade, it is claimed,
# but for a chain whose client of the hub's chain froze: there the parties must resolve.
FREE_CALLS = {Event.ABORT, Event.ANNOUNCE, Event.DELIVER}


class Move(NamedTuple):
    """What the hub and at most one foreign chain become; ``fact`` the hub announces to all."""

    hub: Hub
    far: Far | None
    fact: Status | None
    is_free: bool


class Laws:
    """The moves of all worlds with these legs: ``far_legs[i]`` on foreign chain i."""

    def __init__(self, hub_legs: int, far_legs: tuple[int, ...], rules: Rules) -> None:
        self.hub_legs = hub_legs
        self.far_legs = far_legs
        self.rules = rules
        self.start: World = (Hub(), *(Far() for _ in far_legs))
        self.moves_of_hub = cache(lambda hub: tuple(self._hub_moves(hub)))
        self.moves_of_pair = cache(lambda hub, i, far: tuple(self._pair_moves(hub, i, far)))
        self.tidy = Tidy(rules)

    def successors(self, world: World) -> Iterator[tuple[World, bool]]:
        """Every next world, and whether anybody could bring it about."""
        hub, fars = world[0], world[1:]
        for move in self.moves_of_hub(hub):
            yield from self._spread(move, fars)
        for i, far in enumerate(fars):
            for move in self.moves_of_pair(hub, i, far):
                assert move.far is not None
                yield from self._spread(move, (*fars[:i], move.far, *fars[i + 1 :]))

    def _spread(self, move: Move, fars: tuple[Far, ...]) -> Iterator[tuple[World, bool]]:
        """The world after a move; what the hub announced may be buried."""
        yield self.tidy.world(move.hub, fars), move.is_free
        if move.fact is not None:
            told = tuple(far._replace(heard=far.heard | 1 << move.fact) for far in fars)
            yield self.tidy.world(move.hub, told), move.is_free

    # --- the hub's chain
    def _hub_moves(self, hub: Hub) -> Iterator[Move]:
        if hub.clock < 2:
            yield Move(hub._replace(clock=hub.clock + 1), None, None, True)
        failing = self._failing(hub.clock, hub.left, self.hub_legs)
        for event in CALLS:
            yield from self._hub_moves_by(event, hub, None, failing, event in FREE_CALLS)

    def _hub_moves_by(
        self, event: Event, hub: Hub, far: Far | None, failing: frozenset[Guard], is_free: bool
    ) -> Iterator[Move]:
        found = answer(Role.HUB, hub.status, event, failing, self.rules.table)
        if not isinstance(found, Transition):
            return
        fact = found.target if Effect.ANNOUNCE in found.effects else None
        everyone = (1 << len(self.far_legs)) - 1
        missing = everyone if event is Event.OPEN else hub.missing
        for left in _left_behind(found, hub.left, self.hub_legs):
            after = Hub(found.target, hub.clock, missing, left)
            yield Move(after, far, fact, is_free)

    # --- a foreign chain, and what passes between it and the hub
    def _pair_moves(self, hub: Hub, i: int, far: Far) -> Iterator[Move]:
        for after, is_free in self._far_moves(hub, self.far_legs[i], far):
            yield Move(hub, after, None, is_free)
        for event, fact in PROVEN.items():
            if far.told >> fact & 1:
                failing = self._failing(hub.clock, hub.left, self.hub_legs) | frozenset(
                    guard
                    for guard, holds in (
                        (Guard.IS_NEWS, hub.missing >> i & 1),
                        (Guard.COMPLETE, hub.missing == 1 << i),
                    )
                    if not holds
                )
                for move in self._hub_moves_by(event, hub, far, failing, True):
                    yield move._replace(hub=move.hub._replace(missing=hub.missing & ~(1 << i)))

    def _far_moves(self, hub: Hub, legs: int, far: Far) -> Iterator[tuple[Far, bool]]:
        if far.clock < 2:
            yield far._replace(clock=far.clock + 1), True
        yield far._replace(told=0), False  # the hub's client follows a rotation
        yield far._replace(heard=0), False
        if self.rules.can_clients_freeze:
            yield far._replace(is_hub_deaf=True), False
            yield far._replace(is_deaf=True), False
        failing = self._failing(far.clock, far.left, legs)
        for event in CALLS:
            yield from self._far_moves_by(event, far, legs, failing, event in FREE_CALLS)
        for event, fact in PROVEN.items():
            if far.heard >> fact & 1:
                yield from self._far_moves_by(event, far, legs, failing, True)
        for event, outcome in RESOLVED.items():
            if far.is_deaf and hub.status in (outcome, *self._others_would_resolve()):
                yield from self._far_moves_by(event, far, legs, failing, True)

    def _far_moves_by(
        self, event: Event, far: Far, legs: int, failing: frozenset[Guard], is_free: bool
    ) -> Iterator[tuple[Far, bool]]:
        found = answer(Role.LEGS, far.status, event, failing, self.rules.table)
        if not isinstance(found, Transition):
            return
        for left in _left_behind(found, far.left, legs):
            after = far._replace(status=found.target, left=left)
            yield after, is_free
            if Effect.ANNOUNCE in found.effects:
                yield after._replace(told=after.told | 1 << found.target), is_free

    def _others_would_resolve(self) -> tuple[Status, ...]:
        return () if self.rules.do_parties_follow_the_hub else tuple(Status)

    def _failing(self, clock: int, left: int, legs: int) -> frozenset[Guard]:
        held = {guard: truth[clock] for guard, truth in CLOCKS.items()} | {
            Guard.LEFT_BEHIND: left > 0,
            Guard.BY_A_SENDER: legs > 0,
            Guard.BY_AN_AUTHORITY: legs > 0,
            Guard.HAS_FOREIGN_LEGS: bool(self.far_legs),
        }
        return frozenset(guard for guard, holds in held.items() if not holds)


def _left_behind(found: Transition, left: int, legs: int) -> Iterator[int]:
    """How many legs may be undelivered after a transition: tokens may fail at first."""
    if Effect.EXECUTE in found.effects or Effect.RELEASE in found.effects:
        yield from range(legs + 1)
    elif Effect.DELIVER in found.effects:
        yield left - 1
    else:
        yield left
