"""Write the journal: every event at its virtual moment, every block once it is final.

The auditor looks at each block in passing; what it finds stands in the journal right behind it.
"""

from __future__ import annotations

from collections.abc import Iterable

from bridge.auditor import Alarm, Auditor, Violation
from bridge.deployed import Deployment
from bridge.events import (
    BlockProduced,
    BlockSealed,
    Event,
    InvariantViolated,
    PositionRecorded,
    When,
)
from bridge.journal import Journal
from bridge.testbed.chain_reader import ChainReader
from bridge.testbed.desk import Desk
from bridge.testbed.recorder import Recorder
from bridge.testbed.world import World
from chains.clock import Clock
from chains.engine import Block, Height, Receipt


class Chronicle:
    """The journal, the clock that dates it, and how far each chain has been read into it."""

    def __init__(self, world: World, deployment: Deployment, clock: Clock, desk: Desk) -> None:
        self.journal = Journal()
        self.recorder = Recorder(world, deployment)
        self._world = world
        self._reader = ChainReader(world, deployment)
        self._clock = clock
        self._desk = desk
        self._read_up_to = dict.fromkeys(world.engines, 0)
        self._auditor = _watching(world, deployment)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What the auditor would have somebody look at, although nothing is broken."""
        return self._auditor.alarms

    def note(self, event: Event) -> None:
        """Append an event now."""
        self.journal.append(self._clock.now_ms, event)

    def produced(self, chain: str, block: Block) -> list[Receipt]:
        """Note a new block and all that is final by now; return the receipts we waited for."""
        place = (chain, int(block.height), block.hash, block.timestamp_s)
        self.note(BlockProduced(*place, len(block.transactions), block.gas_used))
        engine = self._world.engines[chain]
        receipts: list[Receipt] = []
        while self._read_up_to[chain] < engine.finalized:
            self._read_up_to[chain] += 1
            receipts += self._final(chain, engine.block(Height(self._read_up_to[chain])))
        chain_id = self._world.chain_id(chain)
        self._note_all(self._auditor.after_block(chain_id, block, engine.finalized))
        return receipts

    def recount(self) -> None:
        """Have the auditor compare every ledger with its tokens as a whole."""
        self._note_all(self._auditor.recount())

    def positions(self, when: When) -> None:
        """Note what every participant owns in every instrument, read from the tokens.

        It is compared with the logs of final blocks, so it is what the tokens say in the last one.
        """
        for code, item in self._world.scenario.instruments.items():
            final = Height(self._read_up_to[item.chain])
            for name in self._world.scenario.participants:
                address = self._world.accounts[name].address
                balance, held = self._reader.position(item.chain, code, address, final)
                self.note(PositionRecorded(when, name, item.chain, code, balance, held))

    def _final(self, chain: str, block: Block) -> list[Receipt]:
        self.note(BlockSealed(chain, block.height))
        receipts = []
        for slip, receipt in self._desk.settle(chain, block):
            self.note(slip.ended(receipt))
            receipts.append(receipt)
        for event in self.recorder.read(chain, block):
            self.note(event)
        return receipts

    def _note_all(self, violations: Iterable[Violation]) -> None:
        for found in violations:
            self.note(
                InvariantViolated(found.name.value, found.chain, found.detail, found.trade_id)
            )


def _watching(world: World, deployment: Deployment) -> Auditor:
    auditor = Auditor()
    for name, chain in deployment.chains.items():
        auditor.watch(
            name,
            chain.chain_id,
            chain.settlement,
            {address: code for code, address in chain.tokens.items()},
            {source: client for source, client in chain.clients.items()},  # noqa: C416
            world.engines[name],
        )
    return auditor
