"""Somebody who means well: does what the protocol's table names next for a trade."""

from __future__ import annotations

from typing import assert_never

from bridge import contract_calls
from bridge.model import ChainId, Packet, Status, Trade
from bridge.protocols.hold_decide import Event, HoldDecide
from bridge.protocols.protocol import Abort, Action, Carry, ChainView, Deliver, Hold, Open
from tests.support.engine_world import COURIER
from tests.support.random_play import Play


def go_on(play: Play, trade: Trade, which: int) -> None:
    """One of the actions that would move this trade on now, if any."""
    view = {chain: _view(play, trade, chain) for chain in play.chains_of(trade)}
    actions = HoldDecide().next_actions(trade, view)
    if actions:
        _perform(play, trade, actions[which % len(actions)])


def _view(play: Play, trade: Trade, chain: ChainId) -> ChainView:
    """Only an open hub is asked what it waits for: our tokens leave nothing behind."""
    status = play.known[play.world.id_of(trade), chain]
    pending = play.world.pending(trade, chain) if status is Status.OPEN else 0
    frozen = frozenset(source for source, on in play.frozen if on == chain)
    return ChainView(play.world.clock.now_s + 1, status, pending, frozen)


def _perform(play: Play, trade: Trade, action: Action) -> None:
    world = play.world
    match action:
        case Open(hub_chain_id=on):
            data = contract_calls.open_trade(trade, world.signed(trade))
            play.ask(Event.OPEN, trade, on, COURIER, data)
        case Hold(chain_id=on):
            data = contract_calls.hold(trade, world.signed_on(trade, on))
            play.ask(Event.HOLD, trade, on, COURIER, data)
        case Carry(source=source, target=on):
            play.follow(source, on)
            packet = _packet(play, trade, action)
            play.carry(packet, on)
            play.prove(packet, packet.ids.index(world.id_of(trade)), on)
        case Abort(hub_chain_id=on):
            play.ask(Event.ABORT, trade, on, COURIER, contract_calls.abort(trade))
        case Deliver(chain_id=on, leg_index=leg):
            data = contract_calls.deliver(trade, leg)
            play.ask(Event.DELIVER, trade, on, COURIER, data)
        case _:
            assert_never(action)


def _packet(play: Play, trade: Trade, wanted: Carry) -> Packet:
    """An announcement that can still be shown to the target, or a new one."""
    trade_id = play.world.id_of(trade)
    since = play.world[wanted.target].trusted_since(wanted.source)
    for packet in play.packets:
        is_wanted = packet.status_of(trade_id) is wanted.status
        if is_wanted and packet.header.chain_id == wanted.source and packet.header.height >= since:
            return packet
    data = contract_calls.announce([trade_id])
    play.ask(Event.ANNOUNCE, trade, wanted.source, COURIER, data)
    return play.packets[-1]
