"""The relayer's hands: reads what engines have sealed, and stores, then sends, what it decided.

The account is the relayer's own. It is entitled to nothing: any other would do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bridge import proofs
from bridge.account import Account
from bridge.contract_logs import ClientLog, SettlementLog, decode
from bridge.deployed import DeployedChain
from bridge.errands import Errand
from bridge.lane import Lane, Underway
from bridge.model import Address, ChainId
from bridge.outbox import Outbox, State
from bridge.relay_view import (
    CallEffect,
    ChainView,
    ClientEntry,
    Effect,
    Report,
    SealedBlock,
    SettlementEntry,
    View,
)
from chains.engine import Block, Engine, Height

MARKS_WAIT_S = 5
"""How long marks may wait for calls to be stored with; without them the chains are asked again."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An errand that is on its way as a transaction."""

    chain_id: ChainId
    tx_hash: bytes
    errand: Errand


class Port:
    """One chain, as a courier reads it: what was sealed since the last look."""

    def __init__(self, engine: Engine, deployed: DeployedChain) -> None:
        self.engine = engine
        self.deployed = deployed
        self._clients = {address: source for source, address in deployed.clients.items()}
        self._seen = -1  # the genesis names the set that clients trust first

    def header(self, height: int) -> bytes:
        """The header's RLP with its seals."""
        return self.engine.sealed_header(Height(height))

    def receipt_proof(self, height: int, tx_index: int) -> tuple[bytes, ...]:
        """The hashed trie nodes down to a receipt, root first."""
        return self.engine.receipt_proof(Height(height), tx_index)

    def new_blocks(self) -> Iterator[SealedBlock]:
        """What was sealed since the last look."""
        while self._seen < self.engine.finalized:
            self._seen += 1
            yield self._read(self.engine.block(Height(self._seen)))

    def _read(self, block: Block) -> SealedBlock:
        settlement: list[SettlementEntry] = []
        clients: list[ClientEntry] = []
        for receipt in block.receipts:
            for raw in receipt.logs:
                source = self._clients.get(Address(raw.address))
                if source is None and raw.address != self.deployed.settlement:
                    continue
                log = decode(raw)
                if source is not None and isinstance(log, ClientLog):
                    clients.append(ClientEntry(source, log))
                elif source is None and isinstance(log, SettlementLog):
                    entry = SettlementEntry(log, raw.tx_index, raw.receipt_log_index)
                    settlement.append(entry)
        return SealedBlock(
            height=block.height,
            timestamp_s=block.timestamp_s,
            validators=proofs.validators_of(block.unsealed_rlp),
            settlement=tuple(settlement),
            clients=tuple(clients),
        )


class Courier:
    """Shows a relayer its chains and carries out what it decides, from an account of its own."""

    def __init__(
        self,
        account: Account,
        ports: Sequence[Port],
        max_fee_per_gas: Mapping[ChainId, int] | None = None,
        outbox: Outbox | None = None,
    ) -> None:
        """Take over what the outbox has on its way. Raises OutboxFault."""
        fees = max_fee_per_gas or {}
        self._ports = {port.deployed.chain_id: port for port in ports}
        self._lanes = {
            chain: Lane(port.engine, port.deployed, account, fees.get(chain, 0))
            for chain, port in self._ports.items()
        }
        self._outbox = outbox or Outbox()
        genesis_hashes = {c: port.deployed.genesis_hash for c, port in self._ports.items()}
        self._outbox.bind(account.address, genesis_hashes)
        stored = self._outbox.open_entries()
        for chain, lane in self._lanes.items():
            lane.adopt(entry for entry in stored if entry.chain_id == chain)
        self._now_s = 0
        self._written_s = 0
        self._is_resuming = bool(stored)

    def view(self, now_s: int) -> View:
        """All chains since the last look."""
        self._now_s = now_s
        return View(now_s, tuple(self._view(chain) for chain in self._ports))

    def perform(self, effects: Sequence[Effect]) -> tuple[Sent, ...]:
        """Store the calls among the effects, then submit them, in their order. OutboxFault."""
        return tuple(self.performing(effects))

    def performing(self, effects: Sequence[Effect]) -> Iterator[Sent]:
        """The same, call by call; also what is on its way from before, once. Raises OutboxFault."""
        calls: dict[ChainId, list[CallEffect]] = {chain: [] for chain in self._lanes}
        for effect in effects:
            if not isinstance(effect, Report):
                calls[effect.chain_id].append(effect)
        drafts = [call for chain, lane in self._lanes.items() for call in lane.draft(calls[chain])]
        self._write(drafts)
        yield from self._resumed()
        overdue = [call for lane in self._lanes.values() for call in lane.missing(self._now_s)]
        for call in (*overdue, *drafts):
            if self._lanes[call.entry.chain_id].submit(call, self._now_s):
                yield _sent(call)

    def finishing(self, now_s: int) -> Iterator[Sent]:
        """Send again what was lost of what is on its way, and nothing else. Raises OutboxFault."""
        self._now_s = now_s
        for lane in self._lanes.values():
            lane.ended()
        yield from self.performing(())

    def close(self) -> None:
        """Bring the outbox up to date; calls may still be on their way. Raises OutboxFault."""
        for lane in self._lanes.values():
            lane.ended()
        self._flush(())

    def _view(self, chain: ChainId) -> ChainView:
        port, lane = self._ports[chain], self._lanes[chain]
        blocks, ended = tuple(port.new_blocks()), lane.ended()
        resumed = tuple(c.errand for c in lane.underway) if self._is_resuming else ()
        return ChainView(chain, blocks, ended, port, resumed)

    def _write(self, drafts: Sequence[Underway]) -> None:
        """One transaction for a whole step. Marks may wait: without them a call is looked for."""
        if drafts or self._now_s >= self._written_s + MARKS_WAIT_S:
            self._flush(drafts)

    def _flush(self, drafts: Sequence[Underway]) -> None:
        marks: dict[bytes, State] = {}
        for lane in self._lanes.values():
            marks |= lane.marks
        if drafts or marks:
            self._outbox.write([call.entry for call in drafts], marks)
        for lane in self._lanes.values():
            lane.marks.clear()
        self._written_s = self._now_s

    def _resumed(self) -> Iterator[Sent]:
        if self._is_resuming:
            self._is_resuming = False
            for lane in self._lanes.values():
                missing = [call.entry.nonce for call in lane.missing(self._now_s)]
                yield from (_sent(c) for c in lane.underway if c.entry.nonce not in missing)


def _sent(call: Underway) -> Sent:
    return Sent(call.entry.chain_id, call.entry.tx_hash, call.errand)
