"""What the relayer remembers: trades in flight, facts about them, what each client knows.

All of it can be read again from the chains. A finished trade is forgotten, so the book is as
large as the open trades and not as the chains.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from bridge import proofs
from bridge.contract_logs import (
    Announced,
    Executed,
    Frozen,
    HeaderAccepted,
    Held,
    Opened,
    Released,
    ValidatorsChanged,
)
from bridge.model import Address, ChainId, Status, Trade, TradeId
from bridge.relay_case import HUB_SIDE, Announcement, Attempt, Case, Fact
from bridge.relay_link import Link, SetChange
from bridge.relay_view import ChainView, Evidence, Report, SealedBlock, SettlementEntry, View

ORPHANS_MAX = 4096
BEFORE_TERMS = frozenset({Status.REFUSED, Status.ABORTED})
"""What can be announced before ``open`` or ``hold`` has emitted the terms; all else comes after."""
NOT_TRADES = b""


class Orphans:
    """Announcements about trades whose terms nobody has emitted yet; the oldest go first."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[TradeId, list[tuple[Status, Announcement]]] = OrderedDict()

    def keep(self, trade_id: TradeId, status: Status, announcement: Announcement) -> None:
        """Remember one until its terms come."""
        waiting = self._waiting.setdefault(trade_id, [])
        if all(known != status for known, _ in waiting):
            waiting.append((status, announcement))
        if len(self._waiting) > ORPHANS_MAX:
            self._waiting.popitem(last=False)

    def claim(self, trade_id: TradeId) -> list[tuple[Status, Announcement]]:
        """What is known of a trade whose terms have come."""
        return self._waiting.pop(trade_id, [])


class Book:
    """Everything read so far that still matters."""

    def __init__(self) -> None:
        self.cases: dict[TradeId, Case] = {}
        self.links: dict[tuple[ChainId, ChainId], Link] = {}  # (destination, source)
        self.evidence: dict[ChainId, Evidence] = {}
        self.announcing: dict[tuple[ChainId, TradeId], Attempt] = {}  # asked to say again
        self.sealed_s: dict[ChainId, int] = {}  # when each chain last sealed a block
        self.due: dict[TradeId, None] = {}  # trades with news
        self.reports: list[Report] = []
        self._orphans = Orphans()
        self._sets: dict[ChainId, tuple[Address, ...]] = {}

    def read(self, view: View) -> None:
        """Take in what every chain has sealed: first the trades, then what clients know."""
        for chain in view.chains:
            self.evidence[chain.chain_id] = chain.evidence
            self._meet(chain.chain_id, view)
        for chain in view.chains:
            for block in chain.blocks:
                self._learn_block(chain.chain_id, block)
        for chain in view.chains:
            self._learn_clients(chain)

    def open_ones(self, trade_ids: Iterable[TradeId]) -> tuple[TradeId, ...]:
        """Those of some trades that are in flight."""
        return tuple(trade_id for trade_id in trade_ids if trade_id in self.cases)

    def asked(self, chain: ChainId, trade_id: TradeId) -> Attempt:
        """How it goes to have a chain announce a trade again."""
        return self.announcing.setdefault((chain, trade_id), Attempt())

    def _meet(self, chain: ChainId, view: View) -> None:
        for other in view.chains:
            if other.chain_id != chain and (chain, other.chain_id) not in self.links:
                self.links[chain, other.chain_id] = Link(other.chain_id, chain)

    def _learn_block(self, chain: ChainId, block: SealedBlock) -> None:
        self.sealed_s[chain] = block.timestamp_s
        known = self._sets.setdefault(chain, block.validators)
        if known != block.validators:
            self._sets[chain] = block.validators
            for link in self._links_from(chain):
                link.must_follow(SetChange(block.height, known))
        for entry in block.settlement:
            self._learn_log(chain, block.height, entry)

    def _learn_log(self, chain: ChainId, height: int, entry: SettlementEntry) -> None:
        match entry.log:
            case Opened(trade_id, trade):
                self._learn_terms(trade_id, trade)
                self._hear(self.cases.get(trade_id), chain, Status.OPEN)
            case Held(trade_id, trade):
                self._learn_terms(trade_id, trade)
                self._hear(self.cases.get(trade_id), chain, Status.HELD)
            case Executed(trade_id):
                self._hear(self.cases.get(trade_id), chain, Status.EXECUTED)
            case Released(trade_id):
                self._hear(self.cases.get(trade_id), chain, Status.RELEASED)
            case Announced(_, ids, statuses):
                said = Announcement(chain, height, entry.tx_index, entry.log_index, ids, statuses)
                is_shared = len(ids) > 1 and self._fits(said)
                for trade_id, status in zip(ids, statuses, strict=True):
                    self._learn_fact(trade_id, status, said, is_shared=is_shared)
            case _:
                pass

    def _learn_terms(self, trade_id: TradeId, trade: Trade) -> None:
        if trade_id in self.cases:
            return
        self.cases[trade_id] = Case(trade_id, trade)
        for status, announcement in self._orphans.claim(trade_id):
            self._learn_fact(trade_id, status, announcement)

    def _learn_fact(
        self, trade_id: TradeId, status: Status, said: Announcement, *, is_shared: bool = False
    ) -> None:
        """Prefer a log that is shared with others, and can be proven, to one that is not."""
        case = self.cases.get(trade_id)
        if case is None:
            if status in BEFORE_TERMS:
                self._orphans.keep(trade_id, status, said)
            return
        was_asked = self.announcing.pop((said.chain_id, trade_id), None) is not None
        fact = case.facts.get((said.chain_id, status))
        if fact is None or self._is_better(said, fact, is_shared=is_shared):
            case.facts[said.chain_id, status] = Fact(said)
        elif (len(said.ids) > 1 and not is_shared) or (len(said.ids) == 1 and was_asked):
            fact.keep_less_company(len(said.ids))
        self._hear(case, said.chain_id, status)

    def _hear(self, case: Case | None, chain: ChainId, status: Status) -> None:
        if case is None or (chain == case.trade.hub_chain_id and status not in HUB_SIDE):
            return
        is_consistent = case.hear(chain, status)
        contradiction = case.contradiction()
        if not is_consistent or contradiction:
            detail = contradiction or f"{status.name} after {case.status_on(chain).name}"
            self.reports.append(Report(chain, case.trade_id, detail))
        if not self.forget_finished(case):
            self.due[case.trade_id] = None

    def forget_finished(self, case: Case) -> bool:
        """Drop a trade for which nothing is left to do; False for one that goes on."""
        if not case.is_finished(self.sealed_s):
            return False
        del self.cases[case.trade_id]
        self.due.pop(case.trade_id, None)
        for chain in (case.trade.hub_chain_id, *case.trade.foreign_chain_ids):
            self.announcing.pop((chain, case.trade_id), None)
        return True

    @property
    def frozen(self) -> dict[ChainId, frozenset[ChainId]]:
        """The clients that prove nothing any more: which chains they follow, by their own chain."""
        ice: dict[ChainId, set[ChainId]] = {}
        for link in self.links.values():
            if link.is_frozen:
                ice.setdefault(link.destination, set()).add(link.source)
        return {chain: frozenset(sources) for chain, sources in ice.items()}

    def _learn_clients(self, chain: ChainView) -> None:
        for block in chain.blocks:
            for entry in block.clients:
                link = self.links[chain.chain_id, entry.source]
                match entry.log:
                    case HeaderAccepted(height):
                        link.accept(height)
                        link.in_flight.discard(height)
                    case ValidatorsChanged(height):
                        link.trust_from(height)
                    case Frozen(height) if not link.is_frozen:
                        link.is_frozen = True
                        self._report_frozen(link, height)
                    case _:
                        pass

    def _is_better(self, said: Announcement, fact: Fact, *, is_shared: bool) -> bool:
        if is_shared:
            return fact.is_spoilt or len(said.ids) > len(fact.announcement.ids)
        return fact.is_spoilt and self._fits(said)

    def _fits(self, said: Announcement) -> bool:
        nodes = self.evidence[said.chain_id].receipt_proof(said.height, said.tx_index)
        return sum(map(len, nodes)) <= proofs.PROOF_MAX

    def _links_from(self, source: ChainId) -> list[Link]:
        return [link for link in self.links.values() if link.source == source]

    def _report_frozen(self, link: Link, height: int) -> None:
        detail = f"the client of chain {link.source} froze at height {height}"
        self.reports.append(Report(link.destination, NOT_TRADES, detail))
