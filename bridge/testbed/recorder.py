"""Turn the logs of final blocks into journal events: the one place that does.

It also keeps, for each trade, what every chain last said, so that the testbed knows when a trade
has come to its end on all of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from bridge import contract_logs, events
from bridge.deployed import DeployedChain, Deployment
from bridge.events import Event
from bridge.model import ZERO_ADDRESS, Address, ChainId, Outcome, Status, Trade, TradeId
from bridge.relay_case import DECIDED, LEGS_ENDED
from bridge.testbed.world import World
from chains.engine import Block, Log

_Reader: TypeAlias = Callable[[Log, Address], Iterable[Event]]
"""Turns one log of one contract, emitted for a caller, into what it means."""


@dataclass(slots=True)
class Progress:
    """How far a trade has come on each chain, by its last announced status."""

    trade: Trade
    statuses: dict[ChainId, Status] = field(default_factory=dict)
    undelivered: int = 0  # a mask of legs

    def is_terminal(self, now_s: int) -> bool:
        """True when it is decided and no chain holds anything for it, now or later."""
        decided = self.statuses.get(self.trade.hub_chain_id) in DECIDED
        return decided and all(self._is_over(c, now_s) for c in self.trade.foreign_chain_ids)

    def _is_over(self, chain: ChainId, now_s: int) -> bool:
        status = self.statuses.get(chain, Status.NONE)
        return status in LEGS_ENDED or (status is Status.NONE and now_s > self.trade.prepare_by_s)


class Recorder:
    """Reads final blocks of every chain into typed events."""

    def __init__(self, world: World, deployment: Deployment) -> None:
        self._participants = world.scenario.participants
        self._names = {account.address: name for name, account in world.accounts.items()}
        self._names[ZERO_ADDRESS] = ""
        self._readers = {
            name: self._readers_of(chain, deployment) for name, chain in deployment.chains.items()
        }
        self.progress: dict[TradeId, Progress] = {}
        self._touched: dict[TradeId, None] = {}  # may have come to their end since the last look
        self._deadlines: list[tuple[int, TradeId]] = []  # a heap of when preparing ends

    def expect(self, trade_id: TradeId, trade: Trade) -> None:
        """Follow a trade from its instruction on."""
        if trade_id not in self.progress:
            self.progress[trade_id] = Progress(trade)
            heapq.heappush(self._deadlines, (trade.prepare_by_s, trade_id))

    def close_finished(self, now_s: int) -> tuple[TradeId, ...]:
        """Stop following the trades that have come to their end, and name them.

        Only news of a trade, or the end of its time to prepare, can bring it there.
        """
        while self._deadlines and self._deadlines[0][0] < now_s:
            self._touched[heapq.heappop(self._deadlines)[1]] = None
        touched, self._touched = self._touched, {}
        ended = tuple([t for t in touched if self._is_terminal(t, now_s)])
        for trade_id in ended:
            del self.progress[trade_id]
        return ended

    def read(self, chain: str, block: Block) -> Iterator[Event]:
        """The events of one final block, in the order of its logs."""
        readers = self._readers[chain]
        for receipt in block.receipts:
            for raw in receipt.logs:
                if read := readers.get(raw.address):
                    yield from read(raw, Address(receipt.sender))

    def _readers_of(self, chain: DeployedChain, deployment: Deployment) -> dict[bytes, _Reader]:
        """What reads a log, by who emitted it: anybody can emit the topics of our contracts."""
        readers: dict[bytes, _Reader] = {chain.settlement: partial(self._settlement_events, chain)}
        for code, token in chain.tokens.items():
            readers[token] = partial(self._token_events, chain.name, code)
        for source, client in chain.clients.items():
            readers[client] = partial(_client_events, chain.name, deployment.by_id(source).name)
        return readers

    def _token_events(self, chain: str, code: str, raw: Log, _caller: Address) -> Iterable[Event]:
        make: type[
            events.Transferred | events.HoldPlaced | events.HoldExecuted | events.HoldReleased
        ]
        match log := contract_logs.decode(raw):
            case contract_logs.Transfer():
                make = events.Transferred
            case contract_logs.HoldPlaced():
                make = events.HoldPlaced
            case contract_logs.HoldExecuted():
                make = events.HoldExecuted
            case contract_logs.HoldReleased():
                make = events.HoldReleased
            case _:
                return ()
        sender, receiver = self._name(log.sender), self._name(log.receiver)
        return (make(chain, code, sender, receiver, log.amount_minor, raw.height),)

    def _settlement_events(
        self, deployed: DeployedChain, raw: Log, caller: Address
    ) -> Iterator[Event]:
        chain, height = deployed.name, raw.height
        match contract_logs.decode(raw):
            case contract_logs.Opened(trade_id, trade):
                self.expect(trade_id, trade)
                self._note(trade_id, deployed.chain_id, Status.OPEN)
                yield events.TradeOpened(trade_id, chain, height)
            case contract_logs.Held(trade_id, trade):
                self.expect(trade_id, trade)
                self._note(trade_id, deployed.chain_id, Status.HELD)
                yield events.LegsHeld(trade_id, chain, height)
            case contract_logs.Executed(trade_id, mask):
                self._note_legs(trade_id, deployed.chain_id, Status.EXECUTED)
                yield events.LegsExecuted(trade_id, chain, height, _indices(mask))
            case contract_logs.Released(trade_id, mask):
                self._note_legs(trade_id, deployed.chain_id, Status.RELEASED)
                yield events.LegsReleased(trade_id, chain, height, _indices(mask))
            case contract_logs.Delivered(trade_id, leg):
                yield events.LegDelivered(trade_id, chain, height, leg)
            case contract_logs.Skipped(trade_id, reason):
                yield events.MemberSkipped(trade_id, chain, height, reason)
            case contract_logs.Announced(_, ids, statuses):
                for trade_id, status in zip(ids, statuses, strict=True):
                    yield from self._announced(deployed, trade_id, status, height, caller)
            case _:
                pass

    def _announced(
        self,
        deployed: DeployedChain,
        trade_id: TradeId,
        status: Status,
        height: int,
        caller: Address,
    ) -> Iterator[Event]:
        """What is announced for the first time; a repetition says nothing new."""
        if not self._note(trade_id, deployed.chain_id, status):
            return
        match status:
            case Status.COMMITTED:
                outcome = Outcome.COMMITTED
                yield events.TradeDecided(trade_id, outcome, deployed.name, height)
            case Status.ABORTED:
                outcome = Outcome.ABORTED
                yield events.TradeDecided(trade_id, outcome, deployed.name, height)
            case Status.REFUSED:
                by = self._participant(caller)
                yield events.LegsRefused(trade_id, deployed.name, height, by)
            case Status.OBJECTED:
                yield events.LegsObjected(trade_id, deployed.name, height)
            case _:
                pass

    def _note(self, trade_id: TradeId, chain: ChainId, status: Status) -> bool:
        """Remember a status; False when it was known already."""
        progress = self.progress.get(trade_id)
        if progress is None or progress.statuses.get(chain) is status:
            return False
        progress.statuses[chain] = status
        self._touched[trade_id] = None
        return True

    def _note_legs(self, trade_id: TradeId, chain: ChainId, status: Status) -> None:
        """On the hub's own chain the decision stays the status."""
        progress = self.progress.get(trade_id)
        if progress is not None and chain != progress.trade.hub_chain_id:
            progress.statuses[chain] = status
            self._touched[trade_id] = None

    def _is_terminal(self, trade_id: TradeId, now_s: int) -> bool:
        progress = self.progress.get(trade_id)
        return progress is not None and progress.is_terminal(now_s)

    def _participant(self, account: Address) -> str:
        """Whose decision it was; nobody's when a decision of the hub was only carried here."""
        name = self._name(account)
        return name if name in self._participants else ""

    def _name(self, account: Address) -> str:
        name = self._names.get(account)
        return f"0x{account.hex()}" if name is None else name


def _client_events(chain: str, source: str, raw: Log, _caller: Address) -> Iterable[Event]:
    match contract_logs.decode(raw):
        case contract_logs.HeaderAccepted(accepted, block_hash):
            return (events.HeaderAccepted(chain, source, accepted, block_hash),)
        case contract_logs.ValidatorsChanged(changed):
            return (events.ValidatorsChanged(chain, source, changed),)
        case contract_logs.Frozen(frozen):
            return (events.ClientFrozen(chain, source, frozen),)
        case _:
            return ()


def _indices(mask: int) -> tuple[int, ...]:
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)
