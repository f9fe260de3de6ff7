"""The network at one moment: lanes of blocks, the relayer, packets between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gui.i18n import tr
from gui.models.amounts import short_hash
from gui.models.facts import RunFacts, TradeFacts
from gui.models.flights import Flight
from gui.models.scene import (
    BlockTile,
    LaneScene,
    NetworkScene,
    PacketInFlight,
    RelayerScene,
    StepState,
)
from gui.models.tape import Tape
from gui.names import chain_name, hue

TILES: Final = 16
"""More than fit beside each other; a lane shows the newest that do."""


def network_scene(
    run: RunFacts, tape: Tape, trades: Mapping[str, TradeFacts], now_ms: int, selected: str
) -> NetworkScene:
    """All chains with what is on its way between them."""
    return NetworkScene(
        lanes=tuple(_lane(run, tape, chain) for chain in run.chains),
        relayer=_relayer(tape),
        packets=tuple(
            PacketInFlight(
                flight.source,
                flight.destination,
                packet_label(flight, trades),
                flight.progress(now_ms),
                flight.trade_ids,
                selected in flight.trade_ids,
            )
            for flight in tape.flights
        ),
        summary=_summary(run, trades),
    )


def packet_label(flight: Flight, trades: Mapping[str, TradeFacts]) -> str:
    """What a packet proves, and of how many trades if it is more than one."""
    first = trades.get(flight.trade_ids[0]) if flight.trade_ids else None
    count = len(flight.trade_ids)
    label = proven_word(flight.source, first) if first else tr("proof")
    return f"{label} \u00d7 {count}" if count > 1 else label


def proven_word(source: str, trade: TradeFacts) -> str:
    """What ``source`` announces of a trade: its decision, or what it did with its legs."""
    if source == trade.hub:
        return tr("aborted") if trade.outcome == "aborted" else tr("committed")
    states = {leg.state for leg in trade.legs if leg.chain == source}
    if "refused" in states:
        return tr("refused")
    return tr("objected") if "objected" in states else tr("held")


def _lane(run: RunFacts, tape: Tape, chain: str) -> LaneScene:
    sealed = tape.sealed[chain]
    codes = (code for code, listed in run.instruments.items() if listed.chain == chain)
    return LaneScene(
        chain=chain,
        title=chain_name(chain),
        subtitle=", ".join(codes),
        head=tape.height(chain),
        hue=hue(run, chain),
        tiles=tuple(
            BlockTile(
                chain,
                block.height,
                short_hash(block.hash),
                block.transactions,
                block.height <= sealed and not block.is_ghost,
                block.is_ghost,
            )
            for block in list(tape.blocks[chain])[-TILES:]
        ),
    )


def _relayer(tape: Tape) -> RelayerScene:
    left_at, is_carrying = tape.left_at, len(tape.flights) > 0
    if left_at is not None:
        word, state = tr("away"), StepState.FAILED
        lags = [sealed - left_at.get(chain, 0) for chain, sealed in tape.sealed.items()]
    else:
        word = tr("carrying") if is_carrying else tr("waiting")
        state = StepState.IN_FLIGHT if is_carrying else StepState.SETTLED
        lags = [tape.sealed[flight.source] - flight.height for flight in tape.flights]
    return RelayerScene(
        word=word,
        state=state,
        in_flight=len(tape.flights),
        delivered=tape.flights.delivered,
        lag=max(0, *lags, 0),
    )


def _summary(run: RunFacts, trades: Mapping[str, TradeFacts]) -> str:
    verdicts = [trade.verdict for trade in trades.values()]
    return tr(
        "{settled} settled · {aborted} aborted · {pending} pending · {awaited} to come",
        settled=verdicts.count("settled"),
        aborted=verdicts.count("aborted"),
        pending=verdicts.count("pending"),
        awaited=max(0, run.awaited - len(verdicts)),
    )
