"""What the journal means: the one fold that every reader uses.

The desktop, the terminal, reports and tests ask here and nowhere else. The fold is pure: the same
entries give the same answers, ``at`` gives any earlier moment, and nothing is read from a chain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bridge import causes
from bridge.events import (
    BlockProduced,
    BlockSealed,
    ClientFrozen,
    ContractDeployed,
    ExpectationChecked,
    HeaderRelayed,
    HoldExecuted,
    HoldPlaced,
    HoldReleased,
    InstrumentListed,
    InvariantViolated,
    LegDelivered,
    LegsExecuted,
    LegsHeld,
    LegsObjected,
    LegsRefused,
    LegsReleased,
    MemberSkipped,
    PacketRelayed,
    ParticipantActed,
    PositionRecorded,
    Purpose,
    RunFinished,
    RunStarted,
    TradeDecided,
    TradeInstructed,
    TradeOpened,
    TransactionFailed,
    TransactionIncluded,
    Transferred,
)
from bridge.gas_book import GasBook
from bridge.journal import Entry, Journal
from bridge.model import Outcome
from bridge.positions import Conservation, Positions
from bridge.proof_book import ProofBook
from bridge.trade_book import TradeBook
from bridge.trade_view import TradeState, TradeView


@dataclass(frozen=True, slots=True)
class ChainView:
    """The head of a chain, and up to where it is final."""

    name: str
    height: int = 0
    hash: bytes = b""
    sealed_height: int = 0


class ReadModel:
    """Everything known after the entries applied so far; a live view, so ask again after a step."""

    def __init__(self) -> None:
        self.run: RunStarted | None = None
        self.is_finished = False
        self.now_ms = 0
        self.chains: dict[str, ChainView] = {}
        self.contracts: list[ContractDeployed] = []
        self.instruments: dict[str, InstrumentListed] = {}
        self._book = TradeBook()
        self.trades = self._book.trades
        self.positions = Positions()
        self.gas = GasBook()
        self.proofs = ProofBook()
        self.violations: list[InvariantViolated] = []
        self.expectations: list[ExpectationChecked] = []
        self.frozen_clients: frozenset[tuple[str, str]] = frozenset()
        self._cancelled: set[bytes] = set()
        self._why_aborted: dict[bytes, causes.Explanation] = {}
        self._entries: list[Entry] = []

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> ReadModel:
        """The fold of some entries from the start."""
        model = cls()
        for entry in entries:
            model.apply(entry)
        return model

    def catch_up(self, journal: Journal) -> ReadModel:
        """Apply what the journal has gained since the last time."""
        for entry in journal.since(len(self._entries)):
            self.apply(entry)
        return self

    def at(self, at_ms: int) -> ReadModel:
        """The same run as it was known at a virtual moment, that moment included."""
        return ReadModel.of(entry for entry in self._entries if entry.at_ms <= at_ms)

    def trade(self, reference: str) -> TradeView:
        """A trade by its whole reference or its label. Raises KeyError."""
        for trade in self.trades.values():
            if reference in (trade.instruction.reference, trade.label):
                return trade
        raise KeyError(reference)

    def conservation(self) -> tuple[Conservation, ...]:
        """For each instrument, whether anything was made or lost."""
        return tuple(self.positions.conservation(listed) for listed in self.instruments.values())

    def count(self, verdict: str) -> int:
        """How many trades are settled, aborted or pending."""
        return self._book.count(verdict)

    def gas_per_settled_trade(self) -> int | None:
        """The mean of what settled trades cost; an aborted trade pays for itself."""
        settled = [i for i, trade in self.trades.items() if trade.state is TradeState.SETTLED]
        return sum(map(self.gas.of, settled)) // len(settled) if settled else None

    def explain(self, trade_id: bytes) -> causes.Explanation | None:
        """Why a trade is not, or was not, settled; None for one that is."""
        trade = self.trades[trade_id]
        match trade.state:
            case TradeState.SETTLED:
                return None
            case TradeState.COMMITTED:
                return causes.delivery_cause(trade)
            case TradeState.ABORTING | TradeState.ABORTED:
                return self._why_aborted[trade_id]
            case TradeState.INSTRUCTED | TradeState.OPEN:
                return causes.pending_cause(trade, self._around(trade_id))

    def apply(self, entry: Entry) -> None:
        """Take in the next entry."""
        self._entries.append(entry)
        at_ms = self.now_ms = entry.at_ms
        match entry.event:
            case TransactionIncluded() | TransactionFailed() as event:
                self._transaction(event, at_ms)
            case (
                ParticipantActed()
                | TradeOpened()
                | LegsHeld()
                | LegsRefused()
                | LegsObjected()
                | LegsExecuted()
                | LegsReleased()
                | LegDelivered()
                | MemberSkipped()
            ) as event:
                self._book.apply(event, at_ms)
            case TradeDecided() as event:
                self._decided(event, at_ms)
            case Transferred() as event:
                self.positions.transferred(event)
            case HoldPlaced() | HoldExecuted() | HoldReleased() as event:
                self.positions.hold_changed(event)
            case BlockProduced() as event:
                chain = self._chain(event.chain)
                self.chains[event.chain] = replace(chain, height=event.height, hash=event.hash)
            case BlockSealed() as event:
                chain = self._chain(event.chain)
                self.chains[event.chain] = replace(chain, sealed_height=event.height)
                self.gas.block_ended(event.chain)
            case _:
                self._rare(entry)

    def _rare(self, entry: Entry) -> None:
        match entry.event:
            case RunStarted() as event:
                self.run = event
                self.chains = {chain.name: ChainView(chain.name) for chain in event.chains}
            case RunFinished():
                self.is_finished = True
                for chain in self.chains:
                    self.gas.block_ended(chain)
            case InstrumentListed() as event:
                self.instruments[event.instrument] = event
            case ContractDeployed() as event:
                self.contracts.append(event)
            case TradeInstructed() as event:
                self._book.apply(event, entry.at_ms)
            case PositionRecorded() as event:
                self.positions.recorded(event)
            case PacketRelayed() | HeaderRelayed() as event:
                self.proofs.carried(event)
            case ClientFrozen() as event:
                self.frozen_clients |= {(event.chain, event.source)}
            case InvariantViolated() as event:
                self.violations.append(event)
            case ExpectationChecked() as event:
                self.expectations.append(event)
            case _:
                pass

    def _transaction(self, event: TransactionIncluded | TransactionFailed, at_ms: int) -> None:
        self.gas.spent(event)
        self._book.apply(event, at_ms)
        if event.purpose is Purpose.CANCEL and isinstance(event, TransactionIncluded):
            self._cancelled.update(event.trade_ids)

    def _decided(self, event: TradeDecided, at_ms: int) -> None:
        trade = self.trades.get(event.trade_id)
        if trade is not None and event.outcome is Outcome.ABORTED:
            around = self._around(event.trade_id)
            self._why_aborted.setdefault(event.trade_id, causes.abort_cause(trade, around))
        self._book.apply(event, at_ms)

    def _around(self, trade_id: bytes) -> causes.Surroundings:
        return causes.Surroundings(
            self.positions, self.instruments, self.frozen_clients, trade_id in self._cancelled
        )

    def _chain(self, name: str) -> ChainView:
        return self.chains.get(name, ChainView(name))
