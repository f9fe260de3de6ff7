"""Batches of small trades, and what a batch left out."""

from __future__ import annotations

from bridge.model import Packet, Trade
from tests.support.bare_evm import Outcome
from tests.support.settlement_world import LONDON, World


def skipped(outcome: Outcome) -> list[tuple[bytes, str]]:
    """Which members a batch skipped, and why."""
    return [
        (event.fields["trade_id"], event.fields["reason"].rstrip(b"\0").decode())
        for event in outcome.events
        if event.name == "Skipped"
    ]


def small_trades(world: World, count: int) -> list[Trade]:
    """One unit against ten of cash, each."""
    return [world.dvp(units=1, price=10) for _ in range(count)]


def held_and_open(world: World, count: int) -> tuple[list[Trade], Packet]:
    """Trades opened and held in batches, and the packet that says so."""
    trades = small_trades(world, count)
    world.open_batch(*trades)
    world.hold_batch(*trades)
    return trades, world.announced(LONDON, *trades)
