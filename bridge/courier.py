"""The relayer's hands: reads what engines have sealed, signs and submits what it decided.

The account is the relayer's own. It is entitled to nothing: any other would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from bridge import contract_calls, proofs
from bridge.abi import revert_reason
from bridge.account import Account
from bridge.contract_logs import ClientLog, SettlementLog, decode
from bridge.deployed import DeployedChain
from bridge.model import Address, ChainId
from bridge.relay_view import (
    LOST,
    Announce,
    CallEffect,
    ChainView,
    ClientEntry,
    Effect,
    Ended,
    Prove,
    Report,
    SealedBlock,
    SettlementEntry,
    UpdateClient,
    View,
)
from chains.engine import Block, Engine, Height

UPDATE_GAS = 250_000
UPDATE_GAS_PER_VALIDATOR = 40_000
PROVE_GAS = 500_000
PROVE_GAS_PER_LEG = 250_000
ANNOUNCE_GAS = 200_000


@dataclass(frozen=True, slots=True)
class Sent:
    """An effect that became a transaction."""

    chain_id: ChainId
    tx_hash: bytes
    effect: CallEffect


class Port:
    """One chain, as a courier sees it: what was sealed since the last look, what calls led to."""

    def __init__(self, engine: Engine, deployed: DeployedChain) -> None:
        self._engine = engine
        self.deployed = deployed
        self._clients = {address: source for source, address in deployed.clients.items()}
        self._seen = -1  # the genesis names the set that clients trust first
        self._in_flight: dict[bytes, CallEffect] = {}

    def view(self) -> ChainView:
        """What is new on this chain."""
        return ChainView(
            chain_id=self.deployed.chain_id,
            blocks=tuple(self._new_blocks()),
            ended=tuple(self._ended()),
            evidence=self,
        )

    def header(self, height: int) -> bytes:
        """The header's RLP with its seals."""
        return self._engine.sealed_header(Height(height))

    def receipt_proof(self, height: int, tx_index: int) -> tuple[bytes, ...]:
        """The hashed trie nodes down to a receipt, root first."""
        return self._engine.receipt_proof(Height(height), tx_index)

    def send(self, account: Account, effect: CallEffect, max_fee_per_gas: int) -> Sent:
        """Submit an effect as the account's next transaction."""
        to, data, gas_limit = _call_of(effect, self.deployed)
        nonce = self._engine.nonce(account.address, pending=True)
        chain_id = self.deployed.chain_id
        raw = account.sign(chain_id, nonce, to, data, gas_limit, max_fee_per_gas)
        tx_hash = self._engine.submit(raw)
        self._in_flight[tx_hash] = effect
        return Sent(chain_id, tx_hash, effect)

    def _new_blocks(self) -> Iterable[SealedBlock]:
        while self._seen < self._engine.finalized:
            self._seen += 1
            yield self._read(self._engine.block(Height(self._seen)))

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
            validators=proofs.validators_of(block.header_rlp),
            settlement=tuple(settlement),
            clients=tuple(clients),
        )

    def _ended(self) -> Iterable[Ended]:
        receipts = {tx_hash: self._engine.receipt(tx_hash) for tx_hash in self._in_flight}
        waiting: frozenset[bytes] = frozenset()
        if None in receipts.values():
            waiting = frozenset(tx.hash for tx in self._engine.pending_transactions())
        for tx_hash, receipt in receipts.items():
            if receipt is None and tx_hash not in waiting:
                yield Ended(self._in_flight.pop(tx_hash), False, LOST)
            elif receipt is not None and receipt.height <= self._engine.finalized:
                reason = "" if receipt.is_success else revert_reason(receipt.output)
                yield Ended(self._in_flight.pop(tx_hash), receipt.is_success, reason)


class Courier:
    """Shows a relayer its chains and carries out what it decides, from an account of its own."""

    def __init__(
        self,
        account: Account,
        ports: Sequence[Port],
        max_fee_per_gas: Mapping[ChainId, int] | None = None,
    ) -> None:
        self._account = account
        self._ports = {port.deployed.chain_id: port for port in ports}
        self._max_fee_per_gas = max_fee_per_gas or {}

    def view(self, now_s: int) -> View:
        """All chains since the last look."""
        return View(now_s, tuple(port.view() for port in self._ports.values()))

    def perform(self, effects: Sequence[Effect]) -> tuple[Sent, ...]:
        """Submit the calls among the effects, in their order."""
        return tuple(self._send(effect) for effect in effects if not isinstance(effect, Report))

    def _send(self, effect: CallEffect) -> Sent:
        fee = self._max_fee_per_gas.get(effect.chain_id, 0)
        return self._ports[effect.chain_id].send(self._account, effect, fee)


def _call_of(effect: CallEffect, deployed: DeployedChain) -> tuple[bytes, bytes, int]:
    """Receiver, calldata and gas limit."""
    match effect:
        case UpdateClient(_, header):
            gas = UPDATE_GAS + UPDATE_GAS_PER_VALIDATOR * header.bitmap.bit_count()
            return deployed.clients[header.chain_id], contract_calls.update(header), gas
        case Prove(_, packet, _, trade):
            gas = PROVE_GAS + PROVE_GAS_PER_LEG * len(trade.legs)
            return deployed.settlement, contract_calls.prove(packet, effect.index, trade), gas
        case Announce(_, trade_id):
            return deployed.settlement, contract_calls.announce([trade_id]), ANNOUNCE_GAS
        case _:
            assert_never(effect)
