"""The run's relayer with its account and its outbox: replaced at will, also in mid-trade."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from bridge.courier import Courier, Port, Sent
from bridge.deployed import Deployment
from bridge.errands import AnnounceErrand, Errand, ProveErrand, UpdateErrand
from bridge.events import Event, HeaderRelayed, PacketRelayed, Purpose, RelayerReported
from bridge.model import TradeId
from bridge.outbox import Outbox
from bridge.relay_view import Report
from bridge.relayer import Relayer
from bridge.testbed.desk import Desk, Slip
from bridge.testbed.world import RELAYER, World


class Relaying:
    """A relayer, its courier, and the names that the journal gives to what they do."""

    def __init__(
        self,
        world: World,
        deployment: Deployment,
        desk: Desk,
        account_of: str = RELAYER,
        outboxes: dict[str, Outbox] | None = None,
    ) -> None:
        """Resume from the outbox of ``account_of``, which pays; begin one where it has none."""
        self._deployment = deployment
        self._desk = desk
        self._sender = account_of
        self._relayer = Relayer(is_batching=world.scenario.batching)
        engines = world.engines.items()
        outboxes = {} if outboxes is None else outboxes
        if account_of not in outboxes:
            outboxes[account_of] = Outbox()
        self._courier = Courier(
            world.accounts[account_of],
            [Port(engine, deployment.chains[name]) for name, engine in engines],
            {world.chain_id(name): world.max_fee_per_gas(name) for name in world.engines},
            outboxes[account_of],
        )

    def step(self, now_s: int) -> Iterator[Event]:
        """Carry what has to be carried now; what was sent comes back as journal events."""
        effects = self._relayer.step(self._courier.view(now_s))
        for effect in effects:
            if isinstance(effect, Report):
                chain = self._deployment.by_id(effect.chain_id).name
                yield RelayerReported(chain, effect.detail, effect.trade_id)
        for sent in self._courier.performing(effects):
            yield from self._events(sent)

    def finish(self, now_s: int) -> Iterator[Event]:
        """Carry nothing new; send again what was lost of what is on its way."""
        for sent in self._courier.finishing(now_s):
            yield from self._events(sent)

    def close(self) -> None:
        """Bring the outbox up to date. Raises OutboxFault."""
        self._courier.close()

    def _events(self, sent: Sent) -> Iterator[Event]:
        """The journal events of a submission; of the same transaction again there are none."""
        chain = self._deployment.by_id(sent.chain_id).name
        if self._desk.follows(chain, sent.tx_hash):
            return
        purpose, trade_ids = _purpose_of(sent.errand)
        slip = self._desk.expect(Slip(chain, sent.tx_hash, self._sender, purpose, trade_ids))
        yield slip.submitted
        match sent.errand:
            case ProveErrand(source=source, height=height, proof_bytes=size):
                name = self._deployment.by_id(source).name
                yield PacketRelayed(name, chain, height, trade_ids, size)
            case UpdateErrand(source=source, height=height, header_bytes=size, seals=seals):
                name = self._deployment.by_id(source).name
                yield HeaderRelayed(name, chain, height, size, seals)
            case AnnounceErrand():
                pass


def _purpose_of(errand: Errand) -> tuple[Purpose, tuple[TradeId, ...]]:
    match errand:
        case UpdateErrand():
            return Purpose.UPDATE_CLIENT, ()
        case ProveErrand(trade_ids=trade_ids):
            return Purpose.PROVE, trade_ids
        case AnnounceErrand(trade_ids=trade_ids):
            return Purpose.ANNOUNCE, trade_ids
        case _:
            assert_never(errand)
