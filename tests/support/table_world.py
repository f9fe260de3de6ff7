"""A world in which the contract can be asked every question of the table, in every state.

Shanghai is asked. In one trade it is the hub, in the other the leg agent; among its legs is one in
a moody token, which can leave it behind. Each state is reached once by honest steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bridge import contract_calls
from bridge.model import Address, ChainId, Status, Trade
from bridge.protocols.hold_decide import Role
from chains.selection import EngineName
from contracts.artifacts import Optimize
from tests.support.engine_hostile import Mood, MoodyToken, attacker, hostile
from tests.support.engine_packets import packet_of
from tests.support.engine_world import LONDON, SHANGHAI, ZURICH, EngineWorld, Moment
from tests.support.people import ALICE, AUTHORITY, BOB, EVE

HERE = SHANGHAI
CASH_LEG, MOODY_LEG, FOREIGN_LEG = 0, 1, 2
Place = tuple[Role, Status, bool]  # whether the moody leg was left behind


@dataclass(slots=True)
class TableWorld:
    """Three chains, a moody token and an impostor."""

    world: EngineWorld
    moody: MoodyToken
    unserved: Address
    impostor: Address  # on London
    trades: Mapping[Role, Trade]
    start: Moment
    _places: dict[Place, Moment] = field(default_factory=dict)

    @classmethod
    def build(cls, engine: EngineName, build: Optimize) -> TableWorld:
        world = EngineWorld.of(
            (SHANGHAI, LONDON, ZURICH),
            [hostile("moody_token")],
            is_audited=False,
            engine=engine,
            build=build,
        )
        moody = MoodyToken.on(world[HERE])
        unserved = world[HERE].deploy(hostile("silent_token"), who=EVE)
        impostor = world[LONDON].deploy(attacker("impostor"), who=EVE)
        here = (
            world.leg(HERE, world[HERE].cash, ALICE, BOB),
            world.leg(HERE, moody.address, ALICE, BOB),
        )
        elsewhere = [world.leg(c, world[c].cash, BOB, ALICE) for c in (LONDON, ZURICH)]
        trades = {
            Role.HUB: world.trade(*here, *elsewhere, hub=HERE),
            Role.LEGS: world.trade(*here, elsewhere[0], hub=LONDON),
        }
        return cls(world, moody, unserved, impostor, trades, world.moment())

    def enter(self, role: Role, state: Status, *, is_left_behind: bool = False) -> Trade:
        """Be in a state of the role's trade; reached from the start only once."""
        place = (role, state, is_left_behind)
        if place not in self._places:
            self.world.go_back(self.start)
            if is_left_behind:
                self.moody.behave(execute=Mood.REVERTS, release=Mood.REVERTS)
            trade = self.trades[role]
            steps = TO_HUB if role is Role.HUB else TO_LEGS
            steps[state](self, trade)
            assert self.world.status(trade, HERE) is state
            self._places[place] = self.world.moment()
        self.world.go_back(self._places[place])
        return self.trades[role]

    def call(self, chain: ChainId, who: str, data: bytes) -> None:
        """A call of a chain's settlement contract that must succeed."""
        self.world[chain].do(who, self.world[chain].settlement, data)

    def object(self, trade: Trade, on: ChainId) -> None:
        self.call(on, AUTHORITY, contract_calls.object_to(trade))

    def refuse(self, trade: Trade, on: ChainId) -> None:
        self.call(on, ALICE if on == HERE else BOB, contract_calls.refuse(trade))

    def mark(self, trade: Trade, chain: ChainId) -> None:
        """Hold elsewhere and prove it to the hub here."""
        self.world.hold(trade, chain)
        self.world.tell(chain, trade, HERE)

    def commit_elsewhere(self, trade: Trade) -> None:
        """London opens, and hears that the legs here are held."""
        self.world.open(trade)
        held = packet_of(self.world[HERE], self.world.hold(trade, HERE))
        self.world.carry(held.header, LONDON)
        assert self.world.prove(held, trade, LONDON).is_success


def _open_and_mark_all(table: TableWorld, trade: Trade) -> None:
    table.world.open(trade)
    for chain in trade.foreign_chain_ids:
        table.mark(trade, chain)


def _open_and_cancel(table: TableWorld, trade: Trade) -> None:
    table.world.open(trade)
    table.world.cancel(trade)


def _hold_and_object(table: TableWorld, trade: Trade) -> None:
    table.world.hold(trade, HERE)
    table.object(trade, HERE)


def _hold_and_commit(table: TableWorld, trade: Trade) -> None:
    table.commit_elsewhere(trade)
    table.world.tell(LONDON, trade, HERE)


def _hold_and_abort(table: TableWorld, trade: Trade) -> None:
    table.world.hold(trade, HERE)
    table.world.cancel(trade)
    table.world.tell(LONDON, trade, HERE)


Steps = Mapping[Status, Callable[[TableWorld, Trade], object]]

TO_HUB: Steps = {
    Status.NONE: lambda table, trade: None,
    Status.OPEN: lambda table, trade: table.world.open(trade),
    Status.COMMITTED: _open_and_mark_all,
    Status.ABORTED: _open_and_cancel,
}
TO_LEGS: Steps = {
    Status.NONE: lambda table, trade: None,
    Status.HELD: lambda table, trade: table.world.hold(trade, HERE),
    Status.OBJECTED: _hold_and_object,
    Status.EXECUTED: _hold_and_commit,
    Status.RELEASED: _hold_and_abort,
    Status.REFUSED: lambda table, trade: table.refuse(trade, HERE),
}
