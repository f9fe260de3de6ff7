"""The selected trade at one moment: where it stands, each leg's way, and why it is not settled."""

from __future__ import annotations

from typing import Final

from gui.i18n import mark, tr
from gui.messages import why_text
from gui.models.amounts import clock_text
from gui.models.facts import LegFacts, RunFacts, TradeFacts
from gui.models.scene import LegTrack, StepState, TradeScene
from gui.models.sequence_scene import sequence_scene
from gui.models.tape import Tape
from gui.names import actor_name, chain_name, hue, is_cash, kind_of, leg_amount

STATES: Final = {
    "instructed": (StepState.PENDING, mark("Instructed")),
    "open": (StepState.IN_FLIGHT, mark("Open")),
    "committed": (StepState.IN_FLIGHT, mark("Committed")),
    "aborting": (StepState.FAILED, mark("Aborting")),
    "settled": (StepState.SETTLED, mark("Settled")),
    "aborted": (StepState.FAILED, mark("Aborted")),
}

Steps = tuple[tuple[str, StepState], ...]


def trade_state(trade: TradeFacts) -> tuple[StepState, str]:
    """A trade's state as colour and glyph, and its own word."""
    state, word = STATES[trade.state]
    return state, tr(word)


def trade_scene(run: RunFacts, tape: Tape, trade: TradeFacts, now_ms: int) -> TradeScene:
    """Everything there is to see of one trade."""
    state, word = trade_state(trade)
    return TradeScene(
        trade_id=trade.trade_id,
        label=trade.label,
        kind=kind_of(run, trade),
        state=state,
        state_word=word,
        detail=_detail(run, trade, now_ms),
        why=why_text(run, trade.why) if trade.why else "",
        tracks=tuple(_track(run, tape, trade, leg) for leg in trade.legs),
        sequence=sequence_scene(run, tape, trade),
    )


def _detail(run: RunFacts, trade: TradeFacts, now_ms: int) -> str:
    if trade.decided_at_ms >= 0:
        moment = clock_text(run.epoch_s, trade.decided_at_ms)
        return tr("decided at {moment} on {chain}", moment=moment, chain=chain_name(trade.hub))
    left_s = trade.decide_by_s - run.epoch_s - now_ms // 1000
    if left_s < 0:
        return tr("past its time to decide")
    moment = clock_text(trade.decide_by_s, 0)
    return tr("decide by {moment}, {left} s left", moment=moment, left=left_s)


def _track(run: RunFacts, tape: Tape, trade: TradeFacts, leg: LegFacts) -> LegTrack:
    payer = actor_name(run, leg.sender)
    return LegTrack(
        title=tr("Payment leg") if is_cash(run, leg) else tr("Delivery leg"),
        subtitle=f"{leg_amount(run, leg)} \u00b7 {payer}",
        chain=leg.chain,
        hue=hue(run, leg.chain),
        steps=(
            (tr("Instructed"), StepState.SETTLED),
            _held(trade, leg),
            _known_to_hub(tape, trade, leg),
            _decided(trade),
            _carried_out(run, tape, trade, leg),
        ),
    )


def _held(trade: TradeFacts, leg: LegFacts) -> tuple[str, StepState]:
    match leg.state:
        case "waiting" if trade.outcome == "aborted":
            return tr("Not held"), StepState.FAILED
        case "waiting":
            return tr("Held"), StepState.PENDING
        case "refused":
            return tr("Refused"), StepState.FAILED
        case "objected":
            return tr("Objected"), StepState.FAILED
        case "held":
            return tr("Held"), StepState.HELD
        case _:
            return tr("Held"), StepState.SETTLED


def _known_to_hub(tape: Tape, trade: TradeFacts, leg: LegFacts) -> tuple[str, StepState]:
    """The hub holds the legs of its own chain itself; of the others it needs a proof."""
    was_held = leg.state not in ("waiting", "refused")
    if leg.chain == trade.hub:
        return tr("At the hub"), StepState.SETTLED if was_held else StepState.PENDING
    if trade.outcome == "committed":
        return tr("Proven"), StepState.SETTLED
    if any(flight.source == leg.chain for flight in tape.flights.of(trade.trade_id)):
        return tr("Proven"), StepState.IN_FLIGHT
    is_proven = tape.flights.have_proven(trade.trade_id, leg.chain, trade.hub)
    return tr("Proven"), StepState.SETTLED if is_proven else StepState.PENDING


def _decided(trade: TradeFacts) -> tuple[str, StepState]:
    match trade.outcome:
        case "committed":
            return tr("Committed"), StepState.SETTLED
        case "aborted":
            return tr("Aborted"), StepState.FAILED
        case _:
            return tr("Decided"), StepState.PENDING


def _carried_out(
    run: RunFacts, tape: Tape, trade: TradeFacts, leg: LegFacts
) -> tuple[str, StepState]:
    done = tr("Paid") if is_cash(run, leg) else tr("Delivered")
    match leg.state:
        case "executed":
            return done, StepState.SETTLED
        case "released":
            return tr("Released"), StepState.FAILED
        case "undelivered":
            return tr("Left behind"), StepState.FAILED
        case "waiting" | "refused" if trade.outcome == "aborted":
            return tr("Nothing moved"), StepState.FAILED
    word = tr("Released") if trade.outcome == "aborted" else done
    is_coming = trade.outcome and any(
        flight.destination == leg.chain for flight in tape.flights.of(trade.trade_id)
    )
    return word, StepState.IN_FLIGHT if is_coming else StepState.PENDING
