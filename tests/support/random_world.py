"""The ground of the random machines: nothing breaks after any step, and all trades can be ended."""

from __future__ import annotations

from hypothesis.stateful import RuleBasedStateMachine, invariant

from bridge.model import ChainId, Trade
from tests.support.engine_setup import CASH, UNITS
from tests.support.engine_world import LONDON, SHANGHAI, EngineWorld
from tests.support.people import PEOPLE
from tests.support.random_ends import end
from tests.support.random_play import Play
from tests.support.random_progress import go_on


class PlayedWorld(RuleBasedStateMachine):
    """What every machine has: a fresh world, what must hold in it, and names for drawn numbers."""

    CHAINS: tuple[ChainId, ...] = (SHANGHAI, LONDON)

    def __init__(self) -> None:
        super().__init__()
        world = EngineWorld.fresh(self.CHAINS)
        self.world = world
        self.play = Play(world)
        self.burnt = dict.fromkeys(self.CHAINS, 0)

    # --- what must hold

    @invariant()
    def no_rule_is_broken(self) -> None:
        assert self.world.violations == []

    @invariant()
    def no_trade_is_one_sided(self) -> None:
        self.play.check_trades()

    def teardown(self) -> None:
        self.play.check_records()
        end(self.play)
        self.play.check_trades()
        self.play.check_records()
        self.check_positions()
        self.world.check()
        assert set(self.world.alarms()) <= {"CLIENT_FROZEN"}

    def check_positions(self) -> None:
        everybody = len(PEOPLE)
        for name, chain in self.world.chains.items():
            self.play.check_positions(name, chain.cash, everybody * CASH)
            self.play.check_positions(name, chain.security, everybody * UNITS - self.burnt[name])

    # --- drawing

    def meanwhile(self, number: int) -> None:
        """Most of what disturbs happens while a trade goes on."""
        go_on(self.play, self.trade(number // 5), number // 3)

    def chain(self, number: int) -> ChainId:
        return self.CHAINS[number % len(self.CHAINS)]

    def two_chains(self, number: int, other: int) -> tuple[ChainId, ChainId]:
        first = self.chain(number)
        others = [c for c in self.CHAINS if c != first]
        return first, others[other % len(others)]

    def trade(self, number: int) -> Trade:
        return self.play.trades[-1 - number % len(self.play.trades)]
