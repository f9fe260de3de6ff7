"""Drop from a world what cannot matter any more, so that worlds that behave alike are one world.

Facts for a hub that has decided, news that it has marked already, a clock that no guard reads
again, a client that nobody needs: all of it derived from the table. A test compares the result
with an exploration that keeps everything.
"""

from __future__ import annotations

from functools import cache

from bridge.model import Status
from bridge.protocols.hold_decide.cells import Transition
from bridge.protocols.hold_decide.words import Event, Guard, Role
from bridge.protocols.hold_decide.world import Far, Hub, Rules, World

PROVEN = {
    Event.HELD_PROVEN: Status.HELD,
    Event.OBJECTED_PROVEN: Status.OBJECTED,
    Event.REFUSED_PROVEN: Status.REFUSED,
    Event.COMMITTED_PROVEN: Status.COMMITTED,
    Event.ABORTED_PROVEN: Status.ABORTED,
}
# A chain's clock: 0 until prepare_by, 1 until decide_by, 2 after.
CLOCKS = {
    Guard.TIME_TO_PREPARE: (True, False, False),
    Guard.TIME_TO_DECIDE: (True, True, False),
    Guard.PAST_DECIDE_BY: (False, False, True),
}


class Tidy:
    """What is kept of a world under some rules."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.hub = cache(self._hub if rules.are_alike_merged else lambda hub: hub)
        self.far = cache(self._far if rules.are_alike_merged else _only_audible)
        self._heeded = cache(self._guards_and_facts)

    def world(self, hub: Hub, fars: tuple[Far, ...]) -> World:
        """The world without what cannot matter any more."""
        hub = self.hub(hub)
        return (
            hub,
            *(self.far(hub.status, hub.missing >> i & 1, far) for i, far in enumerate(fars)),
        )

    def _hub(self, hub: Hub) -> Hub:
        guards, facts = self._heeded(Role.HUB, hub.status)
        missing = hub.missing if facts >> Status.HELD & 1 else 0
        return Hub(hub.status, _last_alike(hub.clock, guards), missing, hub.left)

    def _far(self, hub: Status, is_missing: int, far: Far) -> Far:
        _, told = self._heeded(Role.HUB, hub)
        if not is_missing and hub is not Status.NONE:
            told &= ~(1 << Status.HELD)
        guards, heard = self._heeded(Role.LEGS, far.status)
        return Far(
            status=far.status,
            clock=_last_alike(far.clock, guards),
            told=0 if far.is_hub_deaf else far.told & told,
            heard=0 if far.is_deaf else far.heard & heard,
            is_hub_deaf=far.is_hub_deaf and told != 0,
            is_deaf=far.is_deaf and heard != 0,
            left=far.left,
        )

    def _guards_and_facts(self, role: Role, state: Status) -> tuple[frozenset[Guard], int]:
        """The clock guards and the facts that can still move this state, or one after it."""
        guards: set[Guard] = set()
        facts, seen, waiting = 0, {state}, [state]
        while waiting:
            for event, cell in self.rules.table[role][waiting.pop()].items():
                ways = [found for _, found in cell.guards] + [cell.answer]
                moves = [found for found in ways if isinstance(found, Transition)]
                if not moves:
                    continue
                guards |= {guard for guard, _ in cell.guards if guard in CLOCKS}
                facts |= 1 << PROVEN[event] if event in PROVEN else 0
                new = {found.target for found in moves} - seen
                seen |= new
                waiting += sorted(new)
        return frozenset(guards), facts


def _only_audible(_hub: Status, _is_missing: int, far: Far) -> Far:
    """Drop nothing but what a frozen client would not let through."""
    return far._replace(
        told=0 if far.is_hub_deaf else far.told, heard=0 if far.is_deaf else far.heard
    )


def _last_alike(clock: int, guards: frozenset[Guard]) -> int:
    """The last clock reading that all these guards cannot tell from this one."""
    return max(
        other
        for other in range(clock, 3)
        if all(CLOCKS[guard][other] == CLOCKS[guard][clock] for guard in guards)
    )
