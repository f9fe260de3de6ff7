"""Draw the table: the diagrams and lists in docs/protocol.md and README.md.

``python -m bridge.protocols.hold_decide.diagram docs/protocol.md README.md`` rewrites what stands
between ``<!-- drawn: NAME -->`` and ``<!-- end -->``; a test compares the pages with the table.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bridge.model import Status
from bridge.protocols.hold_decide.cells import PROVEN, Answer, NoOp, Refused, Transition
from bridge.protocols.hold_decide.table import STATES, TRANSITIONS
from bridge.protocols.hold_decide.words import Effect, Event, Guard, Role

# What a diagram says of when and by whom; the list of guards has the rest.
SHOWN_GUARDS = frozenset(
    {
        Guard.TIME_TO_PREPARE,
        Guard.TIME_TO_DECIDE,
        Guard.PAST_DECIDE_BY,
        Guard.SIGNED_BY_ALL,
        Guard.SIGNED_BY_SENDERS_HERE,
        Guard.BY_A_SENDER,
        Guard.BY_AN_AUTHORITY,
        Guard.CLIENT_FROZEN,
    }
)
SHOWN_EFFECTS = frozenset({Effect.PLACE, Effect.EXECUTE, Effect.RELEASE})
# A guard whose failing leads elsewhere, and what its failing means.
BRANCHES = {
    Guard.COMPLETE: "not from every chain yet",
    Guard.HAS_FOREIGN_LEGS: "all legs here",
}
A_PROOF = frozenset(guard for guard, _ in PROVEN)
_MARKED = re.compile(r"(<!-- drawn: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def overview() -> str:
    """Both roles in one Mermaid diagram: which event leads where."""
    lines = ["stateDiagram-v2", "    direction LR"]
    for role, title in ((Role.HUB, "the hub decides"), (Role.LEGS, "legs elsewhere follow")):
        lines.append(f'    state "{title}" as {role.value} {{')
        lines += [f'        state "{s.name}" as {role.value}_{s.name}' for s in STATES[role]]
        for state in STATES[role]:
            for target, ways in _edges(role, state).items():
                if target is not state:
                    events = ", ".join(dict.fromkeys(event.value for event, *_ in ways))
                    arrow = f"{role.value}_{state.name} --> {role.value}_{target.name}"
                    lines.append(f"        {arrow}: {events}")
        lines.append("    }")
    return _fenced(lines)


def hub() -> str:
    """The hub's states as a Mermaid diagram, with who and when."""
    return _diagram(Role.HUB)


def legs() -> str:
    """The states of the legs on a foreign chain as a Mermaid diagram, with who and when."""
    return _diagram(Role.LEGS)


def answers() -> str:
    """Every event in every state: where it leads, or why it is refused though its guards hold."""
    return "\n\n".join("\n".join(_answers(role)) for role in Role)


def guards() -> str:
    """What each event needs to change a state, in the order in which the contract checks it."""
    needed: dict[tuple[Role, Event, tuple[Guard, ...]], list[Status]] = {}
    for role in Role:
        for state in STATES[role]:
            for event, cell in TRANSITIONS[role][state].items():
                if isinstance(cell.answer, Transition) and cell.guards:
                    checked = tuple(g for g, fails in cell.guards if isinstance(fails, Refused))
                    needed.setdefault((role, event, checked), []).append(state)
    lines = ["| role | event | in | needs |", "|---|---|---|---|"]
    for (role, event, checked), states in needed.items():
        told = ["a proof"] if set(checked) >= A_PROOF else []
        told += [guard.value for guard in checked if not told or guard not in A_PROOF]
        names = ", ".join(state.name for state in states)
        lines.append(f"| {role.value} | {event.value} | {names} | {'; '.join(told)} |")
    return "\n".join(lines)


def proof() -> str:
    """What every proof needs, in the order in which the contract checks it."""
    return "\n".join(f"{i}. {guard.value}" for i, (guard, _) in enumerate(PROVEN, start=1))


DRAWINGS: Mapping[str, Callable[[], str]] = {
    "overview": overview,
    "hub": hub,
    "legs": legs,
    "answers": answers,
    "guards": guards,
    "proof": proof,
}


def redrawn(text: str) -> str:
    """The page with everything between its markers drawn again. Raises KeyError for a stranger."""
    return _MARKED.sub(lambda found: f"{found[1]}{DRAWINGS[found[2]]()}\n{found[4]}", text)


def _diagram(role: Role) -> str:
    lines = ["stateDiagram-v2", "    direction LR", "    [*] --> NONE"]
    last = []
    for state in STATES[role]:
        edges = _edges(role, state)
        for target, ways in edges.items():
            labels = "<br/>".join(_label(*way) for way in ways)
            lines.append(f"    {state.name} --> {target.name}: {labels}")
        if not edges:
            last.append(f"    {state.name} --> [*]")
    return _fenced(lines + last)


Way = tuple[Event, str, tuple[Guard, ...], tuple[Effect, ...]]


def _edges(role: Role, state: Status) -> dict[Status, list[Way]]:
    """Where a state leads and how; back to itself only where something is marked."""
    edges: dict[Status, list[Way]] = {}
    for event, cell in TRANSITIONS[role][state].items():
        shown = tuple(guard for guard, _ in cell.guards if guard in SHOWN_GUARDS)
        branches = [(found, BRANCHES[guard]) for guard, found in cell.guards if guard in BRANCHES]
        for found, note in [(cell.answer, ""), *branches]:
            if not isinstance(found, Transition):
                continue
            if found.target is not state or Effect.MARK in found.effects:
                does = tuple(effect for effect in found.effects if effect in SHOWN_EFFECTS)
                edges.setdefault(found.target, []).append((event, note, shown, does))
    return edges


def _label(event: Event, note: str, needs: tuple[Guard, ...], does: tuple[Effect, ...]) -> str:
    told = ", ".join(filter(None, (event.value, note, *(guard.value for guard in needs))))
    return " → ".join((told, *(effect.value for effect in does)))


def _answers(role: Role) -> Iterator[str]:
    states = STATES[role]
    yield f"| {role.value} | " + " | ".join(state.name for state in states) + " |"
    yield "|---|" + "---|" * len(states)
    for event in Event:
        told = (_told(state, TRANSITIONS[role][state][event].answer) for state in states)
        yield f"| {event.value} | " + " | ".join(told) + " |"


def _told(state: Status, found: Answer) -> str:
    match found:
        case Transition(target=target, effects=effects) if target is state:
            return ", ".join(effect.value for effect in effects)
        case Transition(target=target):
            return f"**{target.name}**"
        case Refused(reason=reason):
            return f"*{reason.value}*"
        case NoOp():
            return "known already"


def _fenced(lines: list[str]) -> str:
    return "\n".join(["```mermaid", *lines, "```"])


if __name__ == "__main__":
    for page in map(Path, sys.argv[1:]):
        page.write_text(redrawn(page.read_text(encoding="utf-8")), encoding="utf-8")
