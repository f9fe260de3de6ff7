"""Our relayer at work on real engines, from an account of no standing."""

from __future__ import annotations

from bridge.account import Account
from bridge.courier import Courier, Port
from bridge.model import Outcome, Status, Trade
from bridge.relay_view import Effect
from bridge.relayer import Relayer
from tests.support.engine_setup import deployed
from tests.support.engine_world import EngineWorld
from tests.support.people import key

STEPS_MAX = 200
ENDS = {
    Outcome.COMMITTED: (Status.EXECUTED,),
    Outcome.ABORTED: (Status.RELEASED, Status.REFUSED, Status.NONE),
}


class Relay:
    """A relayer that reads all chains from their start."""

    def __init__(self, world: EngineWorld, who: str = "another courier") -> None:
        self.world = world
        self.relayer = Relayer()
        ports = [Port(chain.engine, deployed(chain)) for chain in world.chains.values()]
        self.courier = Courier(Account(key(who)), ports)

    def look(self) -> tuple[Effect, ...]:
        """What it wants to do now."""
        return self.relayer.step(self.courier.view(self.world.clock.now_s))

    def step(self) -> None:
        """One look, what follows from it, and a block on every chain."""
        self.courier.perform(self.look())
        self.mine()

    def mine(self) -> None:
        """A block on every chain."""
        for chain in self.world.chains.values():
            chain.mine()

    def finish(self) -> None:
        """Go on until nothing is left to carry."""
        for _ in range(STEPS_MAX):
            self.step()
            if not self.relayer.open_trades:
                return
        raise AssertionError(f"{self.relayer.open_trades} trades are stranded")


def assert_ended(world: EngineWorld, trade: Trade, outcome: Outcome) -> None:
    """The hub has decided so, every chain followed, and no leg is left behind."""
    assert int(world.status(trade, trade.hub_chain_id)) == int(outcome)
    for chain in trade.foreign_chain_ids:
        assert world.status(trade, chain) in ENDS[outcome]
    for chain in trade.chain_ids:
        assert world.pending(trade, chain) == 0


def assert_settled(world: EngineWorld, *trades: Trade) -> None:
    """All of them, both legs, and the auditor has nothing to say."""
    for trade in trades:
        assert_ended(world, trade, Outcome.COMMITTED)
    world.check()
