"""Visit every world that a trade can come to, and look for what must never be.

``python -m bridge.protocols.hold_decide.exploration`` prints the counts that
docs/decisions/002-explored-protocol.md records.
"""

from __future__ import annotations

from dataclasses import dataclass

from bridge.protocols.hold_decide.laws import Laws
from bridge.protocols.hold_decide.world import (
    Rules,
    is_changed,
    is_decided_first,
    is_ended,
    is_one_sided,
)

PLACEMENTS: tuple[tuple[int, tuple[int, ...]], ...] = (
    # legs on the hub's own chain, legs on each foreign chain
    (1, (1,)),
    (0, (2,)),
    (2, (1,)),
    (1, (2,)),
    (0, (3,)),
    (3, (1,)),
    (2, (2,)),
    (1, (3,)),
    (0, (4,)),
    (0, (1, 1)),
    (1, (1, 1)),
    (0, (2, 1)),
    (2, (1, 1)),
    (1, (2, 1)),
    (0, (2, 2)),
    (0, (3, 1)),
)
FOUR_CHAINS: tuple[tuple[int, tuple[int, ...]], ...] = ((0, (1, 1, 1)), (1, (1, 1, 1)))


@dataclass(frozen=True, slots=True)
class Findings:
    """How many worlds there are, and how many show each fault."""

    visited: int
    one_sided: int  # a leg executed, another one never will be
    undecided: int  # a leg executed or released without, or against, the hub's decision
    changed: int  # a decision or an ended leg that became something else
    dead_ends: int  # nobody can end the trade any more, without anybody's signature

    @property
    def are_clean(self) -> bool:
        """Whether nothing was found."""
        return not (self.one_sided or self.undecided or self.changed or self.dead_ends)


def explore(hub_legs: int, far_legs: tuple[int, ...], rules: Rules | None = None) -> Findings:
    """Visit every world of a trade with these legs; all worlds are kept in memory."""
    laws = Laws(hub_legs, far_legs, rules or Rules())
    number = {laws.start: 0}
    worlds = [laws.start]
    before: list[list[int]] = [[]]  # who comes to this world by what anybody can do
    changed = 0
    for at, world in enumerate(worlds):  # grows as it is read: breadth first
        for after, is_free in laws.successors(world):
            to = number.setdefault(after, len(worlds))
            if to == len(worlds):
                worlds.append(after)
                before.append([])
            if to == at:
                continue
            changed += is_changed(world, after)
            if is_free:
                before[to].append(at)
    ended = [at for at, world in enumerate(worlds) if is_ended(world)]
    return Findings(
        visited=len(worlds),
        one_sided=sum(is_one_sided(world, hub_legs, far_legs) for world in worlds),
        undecided=sum(not is_decided_first(world) for world in worlds),
        changed=changed,
        dead_ends=len(worlds) - _count_leading_to(ended, before),
    )


def _count_leading_to(ended: list[int], before: list[list[int]]) -> int:
    seen = set(ended)
    waiting = list(ended)
    while waiting:
        new = [at for at in before[waiting.pop()] if at not in seen]
        seen.update(new)
        waiting += new
    return len(seen)


def row(hub_legs: int, far_legs: tuple[int, ...], found: Findings) -> str:
    """One line of the Markdown table in docs/decisions/002-explored-protocol.md."""
    return (
        f"| {hub_legs} | {' + '.join(map(str, far_legs))} | {found.visited:,} "
        f"| {found.one_sided} | {found.undecided} | {found.changed} | {found.dead_ends} |"
    )


if __name__ == "__main__":
    for placement in PLACEMENTS + FOUR_CHAINS:
        print(row(*placement, explore(*placement)))
