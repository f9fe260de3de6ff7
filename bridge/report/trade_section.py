"""One trade as the report tells it: its legs step by step, why it ended so, its diagram."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bridge.events import ExpectationChecked, Kind, Outcome, PacketRelayed
from bridge.figures import amount, seconds
from bridge.journal import Entry
from bridge.plain_text import plain
from bridge.readmodel import ReadModel
from bridge.report.sequence import SequenceDiagram, sequence
from bridge.report.words import CAUSES, LEG_STATES, MILESTONES, REASONS, STATES, Words
from bridge.trade_view import LegState, LegView, Milestone, Step, TradeView

TONES: Final = {"settled": "settled", "aborted": "released", "pending": "failed"}
GLYPHS: Final = {"settled": "✓", "released": "↩", "failed": "✕", "held": "◆", "waiting": "○"}


@dataclass(frozen=True, slots=True)
class TrackStep:
    """A chevron of a leg's track; ``when`` is empty for what never came."""

    words: Words
    tone: str
    when: str = ""

    @property
    def glyph(self) -> str:
        """State is never colour alone."""
        return GLYPHS.get(self.tone, "·")


@dataclass(frozen=True, slots=True)
class LegTrack:
    """A leg from its instruction to its end."""

    kind: Words
    moved: str
    sender: str
    receiver: str
    chain: str
    hue: int
    steps: tuple[TrackStep, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Why a trade did not settle: a sentence, and the code for the back office."""

    sentence: str
    zh: str
    code: str
    meaning: Words


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the timeline."""

    time: str
    where: str
    what: Words
    detail: str


@dataclass(frozen=True, slots=True)
class TradeSection:
    """Everything about one trade."""

    label: str
    reference: str
    trade_id: str
    state: Words
    tone: str
    hub: str
    decided: str
    expected: str
    is_met: bool
    legs: tuple[LegTrack, ...]
    why: Why | None
    gas: int
    proofs: tuple[str, ...]
    rows: tuple[Row, ...]
    diagram: SequenceDiagram | None

    @property
    def glyph(self) -> str:
        """State is never colour alone."""
        return GLYPHS[self.tone]


def trade_section(
    model: ReadModel,
    trade_id: bytes,
    checked: ExpectationChecked | None,
    entries: Iterable[Entry] | None,
) -> TradeSection:
    """Tell one trade; without ``entries`` there is no diagram."""
    trade = model.trades[trade_id]
    return TradeSection(
        label=trade.label,
        reference=trade.instruction.reference,
        trade_id=f"0x{trade_id.hex()}",
        state=STATES[trade.state],
        tone=TONES[trade.verdict],
        hub=trade.instruction.hub,
        decided=_decided(trade),
        expected=checked.expected if checked else "-",
        is_met=checked is None or checked.met,
        legs=tuple(_track(model, trade, leg) for leg in trade.legs),
        why=_why(model, trade_id),
        gas=model.gas.of(trade_id),
        proofs=tuple(_proof(packet) for packet in model.proofs.of(trade_id)),
        rows=tuple(_row(step) for step in trade.timeline),
        diagram=None if entries is None else sequence(model, trade, entries),
    )


def _why(model: ReadModel, trade_id: bytes) -> Why | None:
    cause = model.explain(trade_id)
    if cause is None:
        return None
    code = cause.reason_code or ""
    meaning = REASONS.get(code, Words("no ISO 20022 code: a matter of the bridge", "跨链特有"))
    return Why(plain(cause.sentence), CAUSES[cause.cause], code, meaning)


def _proof(packet: PacketRelayed) -> str:
    return f"{packet.source} → {packet.destination}: {packet.proof_bytes:,} B"


def _row(step: Step) -> Row:
    where = f"{step.chain}, block {step.height:,}" if step.height else ""
    return Row(seconds(step.at_ms), where, MILESTONES[step.milestone], plain(step.detail))


def _track(model: ReadModel, trade: TradeView, leg: LegView) -> LegTrack:
    terms = leg.terms
    is_cash = model.instruments[terms.instrument].kind is Kind.CASH
    chains = list(model.chains)
    return LegTrack(
        kind=Words("payment leg", "付款腿") if is_cash else Words("delivery leg", "交券腿"),
        moved=amount(model, terms.instrument, terms.amount),
        sender=terms.sender,
        receiver=terms.receiver,
        chain=terms.chain,
        hue=chains.index(terms.chain) if terms.chain in chains else 0,
        steps=tuple(_steps(trade, leg)),
    )


def _steps(trade: TradeView, leg: LegView) -> Iterator[TrackStep]:
    """Instructed, held, decided, carried out: with its moment, or as what is still missing."""
    yield _reached(trade, Words("instructed", "已指示"), "settled", Milestone.INSTRUCTED)
    held = _moment(trade, (Milestone.OPENED, Milestone.HELD), leg.terms.chain)
    if held or leg.state is not LegState.REFUSED:
        yield TrackStep(Words("held", "已锁定"), "held" if held else "waiting", held)
    if leg.state in (LegState.REFUSED, LegState.OBJECTED):
        when = _moment(trade, (Milestone.REFUSED, Milestone.OBJECTED), leg.terms.chain)
        yield TrackStep(LEG_STATES[leg.state], "failed", when)
    match trade.outcome:
        case Outcome.COMMITTED:
            words = Words("committed", "裁定成交")
            yield _reached(trade, words, "settled", Milestone.COMMITTED)
        case Outcome.ABORTED:
            yield _reached(trade, Words("aborted", "裁定中止"), "released", Milestone.ABORTED)
        case None:
            yield TrackStep(Words("decided", "裁定"), "waiting")
    yield from _end(trade, leg)


def _end(trade: TradeView, leg: LegView) -> Iterator[TrackStep]:
    chain = leg.terms.chain
    match leg.state:
        case LegState.EXECUTED:
            when = _moment(trade, (Milestone.EXECUTED, Milestone.DELIVERED), chain)
            yield TrackStep(LEG_STATES[leg.state], "settled", when)
        case LegState.RELEASED:
            when = _moment(trade, (Milestone.RELEASED, Milestone.DELIVERED), chain)
            yield TrackStep(LEG_STATES[leg.state], "released", when)
        case LegState.WAITING if trade.outcome is Outcome.ABORTED:
            yield TrackStep(Words("nothing moved", "资产未动"), "released")
        case LegState.REFUSED:
            pass
        case _ if trade.outcome is Outcome.ABORTED:
            yield TrackStep(LEG_STATES[LegState.RELEASED], "waiting")
        case _:
            yield TrackStep(Words("delivered", "已交付"), "waiting")


def _reached(trade: TradeView, words: Words, tone: str, milestone: Milestone) -> TrackStep:
    return TrackStep(words, tone, _moment(trade, (milestone,)))


def _moment(trade: TradeView, milestones: tuple[Milestone, ...], chain: str = "") -> str:
    for step in trade.timeline:
        if step.milestone in milestones and chain in ("", step.chain):
            block = f" · {step.height:,}" if step.height else ""
            return f"{seconds(step.at_ms)}{block}"
    return ""


def _decided(trade: TradeView) -> str:
    step = next(
        (s for s in trade.timeline if s.milestone in (Milestone.COMMITTED, Milestone.ABORTED)), None
    )
    return f"{seconds(step.at_ms)}, block {step.height:,} of {step.chain}" if step else ""
