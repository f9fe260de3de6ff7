"""The auditor: reads raw blocks of all chains with its own decoding and checks every safety rule.

It is a second opinion: it imports nothing of what it audits, neither relayer nor proofs, and of the
chains only the shape of a block. Its work for a block grows with that block, not with the age of
the chain. What it keeps for good are 64 bytes for each block (``bridge.audit.clients``), some
hundred for each trade (``bridge.audit.trades``), and the books of each account. Rules are named in
``bridge.audit.findings``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bridge.audit.chain import ChainAudit, Contracts
from bridge.audit.clients import Identity, SealedBlocks
from bridge.audit.findings import Alarm, Findings, Rule, Violation
from bridge.audit.ledger import Ledger
from bridge.audit.questions import Reader
from bridge.audit.recount import Recount
from bridge.audit.trades import TradeTracks
from chains.engine import Block, Height

__all__ = ["Alarm", "Auditor", "Rule", "Violation"]

AddressT = TypeVar("AddressT", bound=bytes)
ChainIdT = TypeVar("ChainIdT", bound=int)


@dataclass(slots=True)
class _Watched:
    """One chain; ``waiting`` are blocks not sealed yet, with what was sealed when they came."""

    audit: ChainAudit
    recount: Recount
    findings: Findings
    audited: int = 0
    waiting: dict[int, tuple[Block, Mapping[int, int]]] = field(default_factory=dict)


class Auditor:
    """Watches any number of chains; it is shown their blocks and answers what they violate."""

    def __init__(self) -> None:
        self._trades = TradeTracks()
        self._canon: dict[int, SealedBlocks] = {}
        self._chains: dict[int, _Watched] = {}
        self._sealed: dict[int, int] = {}

    def watch(
        self,
        name: str,
        chain_id: int,
        settlement: bytes,
        tokens: Mapping[AddressT, str],
        clients: Mapping[ChainIdT, AddressT],
        reader: Reader | None = None,
    ) -> None:
        """Watch a chain from its first block on, before anything is deployed there.

        ``tokens`` labels addresses for people; ``clients`` has the light client here by the chain
        it follows. ``reader`` answers for the tokens; without one, logs alone are checked.
        """
        findings = Findings(name)
        labels: dict[bytes, str] = dict(tokens.items())
        ledger = Ledger(labels)
        recount = Recount(ledger, reader, findings)
        followed: dict[bytes, int] = {client: source for source, client in clients.items()}
        contracts = Contracts(settlement, labels, followed)
        self._canon[chain_id] = SealedBlocks()
        audit = ChainAudit(
            chain_id, contracts, ledger, recount, self._trades, self._canon, findings
        )
        self._chains[chain_id] = _Watched(audit, recount, findings)

    def after_block(self, chain_id: int, block: Block, finalized: Height) -> tuple[Violation, ...]:
        """Take the newest block, sealed or not; a reorganised height is simply shown again.

        Blocks are audited once they are sealed, against what was sealed when they came.
        """
        watched = self._chains[chain_id]
        self._sealed[chain_id] = finalized
        if block.height <= watched.audited:
            self._check_same(chain_id, block)
            return watched.findings.take()
        for height in [height for height in watched.waiting if height >= block.height]:
            del watched.waiting[height]
        watched.waiting[block.height] = (block, dict(self._sealed))
        for height in [height for height in watched.waiting if height <= finalized]:
            self._audit(chain_id, *watched.waiting.pop(height))
        return watched.findings.take()

    def recount(self) -> tuple[Violation, ...]:
        """Compare the whole ledger of every chain with its tokens, after the last sealed block."""
        found: list[Violation] = []
        for watched in self._chains.values():
            watched.findings.height = watched.audited
            watched.recount.of_all(watched.audited)
            found += watched.findings.take()
        return tuple(found)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What somebody should look at although nothing is broken, by chain."""
        return tuple(a for watched in self._chains.values() for a in watched.findings.alarms)

    def _audit(self, chain_id: int, block: Block, sealed: Mapping[int, int]) -> None:
        watched, canon = self._chains[chain_id], self._canon[chain_id]
        if block.height != watched.audited + 1:
            watched.findings.height = block.height
            watched.findings.broken(Rule.BLOCK, f"no block was shown since {watched.audited}")
        if block.height == 1:
            canon.add(0, Identity(block.parent_hash, None))
        watched.audit.audit(block, sealed)
        watched.audited = block.height
        canon.add(block.height, Identity(block.hash, block.receipts_root))

    def _check_same(self, chain_id: int, block: Block) -> None:
        watched, known = self._chains[chain_id], self._canon[chain_id].at(block.height)
        if known is not None and known.block_hash != block.hash:
            watched.findings.height = block.height
            watched.findings.broken(Rule.FINALITY, "a sealed block was replaced")
