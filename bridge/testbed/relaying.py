"""The run's relayer with its account: replaced at will, since all it knows is on the chains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from bridge.courier import Courier, Port, Sent
from bridge.deployed import Deployment
from bridge.events import Event, PacketRelayed, Purpose, RelayerReported
from bridge.model import TradeId
from bridge.relay_view import Announce, CallEffect, Prove, Report, UpdateClient
from bridge.relayer import Relayer
from bridge.testbed.desk import Desk, Slip
from bridge.testbed.world import RELAYER, World


class Relaying:
    """A relayer, its courier, and the names that the journal gives to what they do."""

    def __init__(
        self, world: World, deployment: Deployment, desk: Desk, account_of: str = RELAYER
    ) -> None:
        """Begin with an empty book; ``account_of`` pays for the transactions."""
        self._deployment = deployment
        self._desk = desk
        self._sender = account_of
        self._relayer = Relayer()
        engines = world.engines.items()
        self._courier = Courier(
            world.accounts[account_of],
            [Port(engine, deployment.chains[name]) for name, engine in engines],
            {world.chain_id(name): world.max_fee_per_gas(name) for name in world.engines},
        )

    def step(self, now_s: int) -> Iterator[Event]:
        """Carry what has to be carried now; what was sent comes back as journal events."""
        effects = self._relayer.step(self._courier.view(now_s))
        for effect in effects:
            if isinstance(effect, Report):
                chain = self._deployment.by_id(effect.chain_id).name
                yield RelayerReported(chain, effect.detail, effect.trade_id)
        for sent in self._courier.perform(effects):
            yield from self._events(sent)

    def _events(self, sent: Sent) -> Iterator[Event]:
        chain = self._deployment.by_id(sent.chain_id).name
        purpose, trade_ids = _purpose_of(sent.effect)
        slip = self._desk.expect(Slip(chain, sent.tx_hash, self._sender, purpose, trade_ids))
        yield slip.submitted
        if isinstance(sent.effect, Prove):
            source = sent.effect.packet.source
            name = self._deployment.by_id(source.chain_id).name
            yield PacketRelayed(name, chain, source.height, trade_ids)


def _purpose_of(effect: CallEffect) -> tuple[Purpose, tuple[TradeId, ...]]:
    match effect:
        case UpdateClient():
            return Purpose.UPDATE_CLIENT, ()
        case Prove(trade_id=trade_id):
            return Purpose.PROVE, (trade_id,)
        case Announce(trade_id=trade_id):
            return Purpose.ANNOUNCE, (trade_id,)
        case _:
            assert_never(effect)
