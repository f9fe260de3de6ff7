"""The sequence diagram of one trade: who said what to which chain, and where it became final.

Lanes are the parties, the chains and the relayer between them. Everything is laid out here in
pixels; the template only draws, so that all text is escaped in one place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bridge.events import (
    Action,
    Event,
    LegDelivered,
    LegsExecuted,
    LegsHeld,
    LegsObjected,
    LegsRefused,
    LegsReleased,
    MemberSkipped,
    Outcome,
    PacketRelayed,
    ParticipantActed,
    Purpose,
    TradeDecided,
    TradeOpened,
    TransactionFailed,
    TransactionLost,
    TransactionSubmitted,
)
from bridge.figures import amount, seconds
from bridge.journal import Entry
from bridge.plain_text import plain
from bridge.readmodel import ReadModel
from bridge.trade_view import LegView, TradeView

RELAYER: Final = "relayer"
WIDTH: Final = 1080
TIMES: Final = 62
ROW: Final = 31
TOP: Final = 74
ROWS_MAX: Final = 40
LABEL_MAX: Final = 60
QUIET: Final = (Purpose.PROVE, Purpose.UPDATE_CLIENT)


@dataclass(frozen=True, slots=True)
class Lane:
    """A vertical line; ``hue`` is the chain's place in the run, -1 for who is no chain."""

    name: str
    note: str
    x: float
    box: float
    hue: int = -1


@dataclass(frozen=True, slots=True)
class Mark:
    """A row: an arrow from ``x`` to ``to``, a pill at ``x``, or a line across everything."""

    kind: str
    tone: str
    y: float
    x: float
    text: str
    time: str = ""
    to: float = 0
    width: float = 0

    @property
    def middle(self) -> float:
        """Where the words of an arrow stand."""
        return (self.x + self.to) / 2

    @property
    def tip(self) -> str:
        """The arrow's head."""
        back = self.to - 8 if self.to > self.x else self.to + 8
        return f"{self.to:.0f},{self.y:.0f} {back:.0f},{self.y - 4:.0f} {back:.0f},{self.y + 4:.0f}"


@dataclass(slots=True)
class SequenceDiagram:
    """Lanes and rows, ready to draw."""

    lanes: tuple[Lane, ...]
    marks: list[Mark] = field(default_factory=list)
    left_out: int = 0
    width: int = WIDTH

    @property
    def height(self) -> float:
        """Down to the last row."""
        return TOP + ROW * len(self.marks) + 4


def sequence(model: ReadModel, trade: TradeView, entries: Iterable[Entry]) -> SequenceDiagram:
    """Lay out what happened to a trade; ``entries`` are those that name it."""
    diagram = SequenceDiagram(_lanes(model, trade))
    at = {lane.name: lane.x for lane in diagram.lanes}
    last_ms = -1
    for entry in entries:
        for mark in _marks(model, trade, entry, at):
            if len(diagram.marks) >= ROWS_MAX and mark.kind != "line":
                diagram.left_out += 1
                continue
            time = seconds(entry.at_ms) if entry.at_ms != last_ms else ""
            last_ms = entry.at_ms
            diagram.marks.append(_placed(mark, TOP + ROW * (len(diagram.marks) + 0.5), time))
    return diagram


def text_width(text: str, size: float = 11.5) -> float:
    """About how many pixels a line of text takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return (len(text) * 0.56 + wide * 0.44) * size


def _lanes(model: ReadModel, trade: TradeView) -> tuple[Lane, ...]:
    hub = trade.instruction.hub
    chains = list(dict.fromkeys([hub, *(leg.terms.chain for leg in trade.legs)]))
    parties = list(dict.fromkeys(leg.terms.sender for leg in trade.legs))
    parties += [leg.terms.receiver for leg in trade.legs if leg.terms.receiver not in parties]
    parties = list(dict.fromkeys(parties))
    left, right = parties[: (len(parties) + 1) // 2], parties[(len(parties) + 1) // 2 :]
    relayer = [RELAYER] if len(chains) > 1 else []
    names = [*left, chains[0], *relayer, *chains[1:], *right]
    gap = (WIDTH - TIMES) / len(names)
    hues = {name: place for place, name in enumerate(model.chains)}
    return tuple(
        Lane(
            name=_short(name, int((gap - 18) / 6.4)) if name not in chains else name,
            note=_note(name, hub, chains),
            x=TIMES + gap * (place + 0.5),
            box=min(gap - 10, 172),
            hue=hues.get(name, -1) if name in chains else -1,
        )
        for place, name in enumerate(names)
    )


def _note(name: str, hub: str, chains: Sequence[str]) -> str:
    if name == hub:
        return "decides · 裁定链"
    if name in chains:
        return "chain · 区块链"
    return "untrusted courier · 中继" if name == RELAYER else "participant · 参与方"


def _marks(
    model: ReadModel, trade: TradeView, entry: Entry, at: Mapping[str, float]
) -> Iterator[Mark]:
    match entry.event:
        case ParticipantActed(participant=who, action=action, reason=reason):
            tone = "info" if action is Action.SIGNED else "failed"
            yield _pill(at, tone, who, f"{action.value}: {reason}" if reason else action.value)
        case TransactionSubmitted(sender=who, purpose=purpose, chain=chain):
            if purpose not in QUIET and who in at:
                yield _arrow(at, "info", who, chain, purpose.value)
        case PacketRelayed(source=source, destination=destination, proof_bytes=size):
            yield _arrow(at, "proof", source, destination, f"proof, {size:,} bytes")
        case TradeDecided(outcome=outcome, chain=chain, height=height):
            yield _decision(outcome, chain, height)
        case MemberSkipped(chain=chain, reason=reason):
            yield _pill(at, "failed", chain, f"skipped: {reason}")
        case TransactionFailed(chain=chain, purpose=purpose, reason=reason):
            yield _pill(at, "failed", chain, f"{purpose.value} failed: {reason}")
        case TransactionLost(chain=chain, purpose=purpose):
            yield _pill(at, "failed", chain, f"{purpose.value} lost")
        case _:
            yield from _leg_marks(model, trade, entry.event, at)


def _leg_marks(
    model: ReadModel, trade: TradeView, event: Event, at: Mapping[str, float]
) -> Iterator[Mark]:
    def moved(legs: Iterable[LegView]) -> str:
        return ", ".join(amount(model, leg.terms.instrument, leg.terms.amount) for leg in legs)

    match event:
        case TradeOpened(chain=chain) | LegsHeld(chain=chain):
            legs = trade.legs_on(chain)
            yield _pill(at, "held", chain, f"holds {moved(legs)}" if legs else "opened")
        case LegsExecuted(chain=chain, undelivered=left_behind):
            for place, leg in enumerate(trade.legs):
                if leg.terms.chain == chain and place not in left_behind:
                    yield _arrow(at, "settled", chain, leg.terms.receiver, moved([leg]))
        case LegDelivered(leg=place, chain=chain):
            leg = trade.legs[place]
            yield _arrow(at, "settled", chain, leg.terms.receiver, moved([leg]))
        case LegsReleased(chain=chain):
            yield _pill(at, "released", chain, f"gives back {moved(trade.legs_on(chain))}")
        case LegsRefused(chain=chain):
            yield _pill(at, "failed", chain, "leg refused")
        case LegsObjected(chain=chain):
            yield _pill(at, "failed", chain, "objected")
        case _:
            pass


def _pill(at: Mapping[str, float], tone: str, lane: str, text: str) -> Mark:
    return Mark("pill", tone, 0, at.get(lane, WIDTH / 2), _short(plain(text)))


def _arrow(at: Mapping[str, float], tone: str, start: str, end: str, text: str) -> Mark:
    begin, to = at.get(start, TIMES), at.get(end, WIDTH)
    return Mark("arrow", tone, 0, begin, _short(plain(text)), to=to)


def _decision(outcome: Outcome, chain: str, height: int) -> Mark:
    place = f"{chain}, block {height:,}"
    if outcome is Outcome.COMMITTED:
        text = f"Point of finality 结算最终点 · committed on {place}"
        return Mark("line", "final", 0, 0, text)
    return Mark("line", "stopped", 0, 0, f"Aborted 已中止 · nothing moves · {place}")


def _placed(mark: Mark, y: float, time: str) -> Mark:
    """The mark on its row, all of it on the page."""
    if mark.kind == "line":
        width = text_width(mark.text, 12.5) + 34
        return replace(mark, y=y, x=(TIMES + WIDTH) / 2, width=width, time=time)
    width = text_width(mark.text) + 26
    x = min(max(mark.x, TIMES + width / 2), WIDTH - width / 2 - 2)
    return replace(mark, y=y, x=x if mark.kind == "pill" else mark.x, width=width, time=time)


def _short(text: str, limit: int = LABEL_MAX) -> str:
    return text if len(text) <= limit else f"{text[: max(limit, 4) - 1]}\N{HORIZONTAL ELLIPSIS}"
