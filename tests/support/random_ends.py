"""Whatever was done to a world: somebody can end every trade in it, on every chain."""

from __future__ import annotations

from bridge import contract_calls
from bridge.model import ChainId, Outcome, Status, Trade
from bridge.protocols.hold_decide import Event
from tests.support.engine_relaying import Relay
from tests.support.engine_world import COURIER
from tests.support.random_play import DECIDED, Play

QUIET_STEPS, STEPS_MAX = 8, 300
WAITING = (Status.HELD, Status.OBJECTED)
EVENTS = {
    Outcome.COMMITTED: Event.RESOLVE_COMMITTED,
    Outcome.ABORTED: Event.RESOLVE_ABORTED,
}


def end(play: Play) -> None:
    """Let deadlines pass, abort, relay, resolve where a client is frozen; nothing stays held."""
    world = play.world
    latest = max((t.decide_by_s for t in play.trades), default=world.clock.now_s)
    world.wait_until(latest + 1)
    for each in world.chains.values():
        each.mine()
    for trade in play.trades:
        if world.status(trade, trade.hub_chain_id) not in DECIDED:
            data = contract_calls.abort(trade)
            play.ask(Event.ABORT, trade, trade.hub_chain_id, COURIER, data)
    relay_until_quiet(play)
    for trade in play.trades:
        for chain in trade.foreign_chain_ids:
            if world.status(trade, chain) in WAITING:
                assert world[chain].is_frozen(trade.hub_chain_id)
                resolve(play, trade, chain)
    see(play)
    for trade in play.trades:
        assert world.status(trade, trade.hub_chain_id) in DECIDED
        for chain in trade.foreign_chain_ids:
            assert world.status(trade, chain) not in WAITING


def resolve(play: Play, trade: Trade, on: ChainId) -> None:
    """All parties sign what the hub has decided, and nothing else."""
    world = play.world
    outcome = Outcome(world.status(trade, trade.hub_chain_id))
    data = contract_calls.resolve(trade, outcome, world.resolve_signed(trade, outcome))
    play.ask(EVENTS[outcome], trade, on, COURIER, data)


def relay_until_quiet(play: Play) -> None:
    """A new relayer does what it can."""
    relay, quiet = Relay(play.world, "the last courier"), 0
    for _ in range(STEPS_MAX):
        effects = relay.look()
        relay.courier.perform(effects)
        relay.mine()
        quiet = 0 if effects else quiet + 1
        if not relay.relayer.open_trades or quiet == QUIET_STEPS:
            return
    raise AssertionError("the relayer does not come to rest")


def see(play: Play) -> None:
    """Take over what the relayer has changed; what was final must not have changed."""
    for trade in play.trades:
        for chain in play.chains_of(trade):
            place = play.world.id_of(trade), chain
            now = play.world.status(trade, chain)
            if play.known[place] in (*DECIDED, Status.EXECUTED, Status.RELEASED, Status.REFUSED):
                assert now is play.known[place]
            play.known[place] = now
