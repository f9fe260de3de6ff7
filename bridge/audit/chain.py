"""One chain under audit: its blocks in order, and what each log of our contracts means there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, assert_never

from bridge.audit import facts
from bridge.audit.blocks import check_header, read_receipts
from bridge.audit.clients import Canon, check_belief
from bridge.audit.facts import ClientFact, Delivered, Settled, SettlementFact, Skipped, Taken, Verb
from bridge.audit.findings import Concern, Findings, Rule
from bridge.audit.items import Unreadable
from bridge.audit.ledger import NOBODY, Ledger
from bridge.audit.moves import Moves
from bridge.audit.raw import Emitted, RawReceipt
from bridge.audit.recount import Recount
from bridge.audit.refusals import CONTRADICTION, contradicted
from bridge.audit.trades import Moment, TradeTracks
from chains.engine import Block, Receipt, Transaction

RECOUNT_BLOCKS = 16


@dataclass(frozen=True, slots=True)
class Contracts:
    """Where our contracts are on one chain."""

    settlement: bytes
    tokens: Mapping[bytes, str]  # label by address
    clients: Mapping[bytes, int]  # the chain followed, by address


class Place(NamedTuple):
    """The transaction that is being read."""

    transaction: Transaction
    receipt: Receipt
    moves: Moves
    at: Moment  # as our settlement contract speaks


class ChainAudit:
    """Reads one chain's sealed blocks, each once, lowest first."""

    def __init__(
        self,
        chain_id: int,
        contracts: Contracts,
        ledger: Ledger,
        recount: Recount,
        trades: TradeTracks,
        canon: Canon,
        findings: Findings,
    ) -> None:
        self.frozen: dict[int, int] = {}  # height by the chain whose client here is frozen
        self._chain_id = chain_id
        self._contracts = contracts
        self._ledger = ledger
        self._recount = recount
        self._trades = trades
        self._canon = canon
        self._findings = findings

    def audit(self, block: Block, sealed: Mapping[int, int]) -> None:
        """Check one block; ``sealed`` is what was sealed on every chain when it was produced."""
        self._findings.height = block.height
        self._ledger.touched.clear()
        parent = self._canon[self._chain_id].at(block.height - 1)
        check_header(block, parent.block_hash if parent else None, self._findings)
        raw_receipts = read_receipts(block, self._findings)
        done = zip(block.transactions, block.receipts, raw_receipts, strict=False)
        settlement = self._contracts.settlement
        at = Moment(self._chain_id, settlement, block.height, sealed, self.frozen, self._findings)
        for transaction, receipt, raw in done:
            self._read(Place(transaction, receipt, Moves(), at), raw)
        self._ledger.check(self._findings)
        self._recount.of_touched(block.height)
        if block.height % RECOUNT_BLOCKS == 0:
            self._recount.of_all(block.height)

    def _read(self, place: Place, raw: RawReceipt) -> None:
        if not raw.is_success:
            trade_id = contradicted(place.receipt.output, place.transaction.data)
            if trade_id is not None:
                self._alarm_contradiction(trade_id)
        for log in raw.logs:
            try:
                self._read_log(place, log)
            except Unreadable as error:
                detail = f"0x{log.address.hex()} emits what cannot be read: {error}"
                self._findings.broken(Rule.MALFORMED, detail)
        self._reconcile(place)

    def _read_log(self, place: Place, log: Emitted) -> None:
        if log.topics == (facts.ANNOUNCED,):
            self._announced(place, log)
        elif log.address == self._contracts.settlement:
            fact = facts.settlement_fact(log)
            if fact is not None:
                self._settlement(place, fact)
        elif log.address in self._contracts.tokens:
            self._token(place, log)
        elif log.address in self._contracts.clients:
            belief = facts.client_fact(log)
            if belief is not None:
                self._client(place, self._contracts.clients[log.address], belief)

    def _announced(self, place: Place, log: Emitted) -> None:
        is_ours = log.address == self._contracts.settlement
        try:
            fact = facts.announced(log)
        except Unreadable:
            if is_ours:
                raise
            return  # anybody may emit anything
        if fact is None:
            return
        if fact.chain_id != self._chain_id:
            if is_ours:
                self._findings.broken(Rule.MALFORMED, "an announcement names another chain")
            return
        at = place.at if is_ours else place.at._replace(emitter=log.address)
        self._trades.announced(at, fact, is_ours=is_ours)

    def _settlement(self, place: Place, fact: SettlementFact) -> None:
        at = place.at
        match fact:
            case Taken():
                verb, legs = Verb.PLACED, self._trades.taken(at, fact)
            case Settled():
                verb, legs = fact.verb, self._trades.settled(at, fact)
            case Delivered():
                verb, legs = self._trades.delivered(at, fact)
            case Skipped():
                if fact.reason.rstrip(b"\x00") == CONTRADICTION:
                    self._alarm_contradiction(fact.trade_id)
                return
            case _:
                assert_never(fact)
        for leg in legs:
            if leg.token in self._contracts.tokens:
                place.moves.claim(fact.trade_id, verb, leg)
                amount = leg.amount if verb is Verb.PLACED else -leg.amount
                self._ledger.pledge(leg.token, leg.sender, amount)

    def _token(self, place: Place, log: Emitted) -> None:
        fact = facts.token_fact(log)
        if fact is None:
            return
        self._ledger.apply(log.address, fact)
        place.moves.record(log.address, fact)
        if NOBODY in (fact.sender, fact.receiver):
            by = (place.transaction.sender, place.transaction.to)
            if not self._recount.is_issuer(log.address, by, place.at.height):
                label = self._contracts.tokens[log.address]
                detail = f"{label}: {fact.amount} minted or burned, not by the issuer"
                self._findings.broken(Rule.SUPPLY, detail)

    def _client(self, place: Place, source: int, fact: ClientFact) -> None:
        match fact:
            case facts.Believed():
                check_belief(source, fact, self._canon, place.at.sealed, self._findings)
            case facts.Froze():
                self.frozen.setdefault(source, place.at.height)
                detail = f"the light client of chain {source} saw two blocks at {fact.height}"
                self._findings.alarm(Concern.CLIENT_FROZEN, detail)
            case _:
                assert_never(fact)

    def _reconcile(self, place: Place) -> None:
        """Tokens did what the settlement contract says, no less and no more."""
        discords, unclaimed = place.moves.reconcile()
        for discord in discords:
            trade_id, said = discord.claim.trade_id, discord.claim.move.verb.value
            did = f"has {discord.instead.verb.value} it" if discord.instead else "did nothing"
            detail = f"a leg is said to be {said}, but its token {did}"
            self._findings.broken(Rule.DELIVERY, detail, trade_id)
            if discord.instead:
                self._trades.ended(place.at, trade_id, discord.instead.verb)
        for move in unclaimed:
            rule = Rule.DOUBLE_DELIVERY if place.moves.claimant(move) else Rule.DELIVERY
            label = self._contracts.tokens[move.token]
            detail = f"{label}: {move.amount} {move.verb.value} once more than was said"
            self._findings.broken(rule, detail, place.moves.claimant(move))
        for move in place.moves.unpaid():
            label = self._contracts.tokens[move.token]
            detail = f"{label}: {move.amount} executed, but no balance moved"
            self._findings.broken(Rule.DELIVERY, detail, place.moves.claimant(move))

    def _alarm_contradiction(self, trade_id: bytes) -> None:
        detail = "somebody showed the opposite of a decision that was carried out"
        self._findings.alarm(Concern.CONTRADICTION, detail, trade_id)
