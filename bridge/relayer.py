"""THE LOOP: look at what is sealed, decide what some chain still has to be told, send it.

The relayer is a courier. It carries headers, proofs of ``Announced`` logs and requests to announce
again, and nothing else; it holds no orders, no keys of parties and no authority. Everything it
knows it reads from the chains, so a new one takes over by reading them from the start.

``step`` does no input or output: sealed things come in with the view, calls go out as effects.
"""

from __future__ import annotations

import heapq

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
from bridge.errors import ProofError
from bridge.model import Address, ChainId, Packet, Status, Trade, TradeId
from bridge.relay_book import (
    HUB_SIDE,
    Announcement,
    Attempt,
    Case,
    Errand,
    Fact,
    Link,
    Orphans,
    SetChange,
)
from bridge.relay_view import (
    Announce,
    CallEffect,
    ChainView,
    Effect,
    Ended,
    Evidence,
    Prove,
    Report,
    SealedBlock,
    SettlementEntry,
    UpdateClient,
    View,
)

FAILURES_MAX = 8
BACKOFF_MAX_S = 64
NOT_TRADES = b""

# What the contracts say when no repetition can help: the errand is over, and somebody should know.
CONTRADICTIONS = ("contradict",)


def retry_after_s(reason: str, failures: int) -> int | None:
    """How long to wait before the same call is made again; None when it never should be."""
    if failures > FAILURES_MAX or any(word in reason for word in CONTRADICTIONS):
        return None
    return int(min(2 ** (failures - 1), BACKOFF_MAX_S))


class Relayer:
    """Carries what is sealed on each chain to the chains that wait for it."""

    def __init__(self) -> None:
        self._cases: dict[TradeId, Case] = {}
        self._orphans = Orphans()
        self._links: dict[tuple[ChainId, ChainId], Link] = {}  # (destination, source)
        self._sets: dict[ChainId, tuple[Address, ...]] = {}
        self._evidence: dict[ChainId, Evidence] = {}
        self._due: dict[TradeId, None] = {}
        self._alarms: list[tuple[int, TradeId]] = []
        self._reannounced: dict[tuple[ChainId, TradeId], Attempt] = {}
        self._reports: list[Report] = []
        self._now_s = 0

    @property
    def open_trades(self) -> int:
        """How many trades are in flight."""
        return len(self._cases)

    def step(self, view: View) -> tuple[Effect, ...]:
        """Take in what the chains sealed since the last step; say what to send now.

        Effects for one chain are to be included in their order: updates before the proofs
        that need them.
        """
        self._now_s = view.now_s
        for chain in view.chains:
            self._evidence[chain.chain_id] = chain.evidence
            self._meet(chain.chain_id, view)
        for chain in view.chains:
            for block in chain.blocks:
                self._learn_block(chain.chain_id, block)
        for chain in view.chains:
            self._learn_clients(chain)
        for chain in view.chains:
            for ended in chain.ended:
                self._learn_end(ended)
        return self._act()

    # --- learning -------------------------------------------------------------------------------

    def _meet(self, chain: ChainId, view: View) -> None:
        for other in view.chains:
            if other.chain_id != chain and (chain, other.chain_id) not in self._links:
                self._links[chain, other.chain_id] = Link(other.chain_id, chain)

    def _learn_block(self, chain: ChainId, block: SealedBlock) -> None:
        known = self._sets.setdefault(chain, block.validators)
        if known != block.validators:
            self._sets[chain] = block.validators
            for link in self._links_from(chain):
                link.changes.append(SetChange(block.height, known))
        for entry in block.settlement:
            self._learn_log(chain, block.height, entry)

    def _learn_log(self, chain: ChainId, height: int, entry: SettlementEntry) -> None:
        match entry.log:
            case Opened(trade_id, trade):
                self._learn_terms(trade_id, trade)
                self._hear(trade_id, chain, Status.OPEN)
            case Held(trade_id, trade):
                self._learn_terms(trade_id, trade)
                self._hear(trade_id, chain, Status.HELD)
            case Executed(trade_id):
                self._hear(trade_id, chain, Status.EXECUTED)
            case Released(trade_id):
                self._hear(trade_id, chain, Status.RELEASED)
            case Announced(_, ids, statuses):
                said = Announcement(chain, height, entry.tx_index, entry.log_index, ids, statuses)
                for trade_id, status in zip(ids, statuses, strict=True):
                    self._learn_fact(trade_id, status, said)
            case _:
                pass

    def _learn_terms(self, trade_id: TradeId, trade: Trade) -> None:
        if trade_id in self._cases:
            return
        self._cases[trade_id] = Case(trade_id, trade)
        for status, announcement in self._orphans.claim(trade_id):
            self._learn_fact(trade_id, status, announcement)

    def _learn_fact(self, trade_id: TradeId, status: Status, said: Announcement) -> None:
        case = self._cases.get(trade_id)
        if case is None:
            if status is not Status.NONE:
                self._orphans.keep(trade_id, status, said)
            return
        self._reannounced.pop((said.chain_id, trade_id), None)
        fact = case.facts.get((said.chain_id, status))
        if fact is None or (fact.is_spoilt and self._fits(said)):
            case.facts[said.chain_id, status] = Fact(said)
        self._hear(trade_id, said.chain_id, status)

    def _hear(self, trade_id: TradeId, chain: ChainId, status: Status) -> None:
        case = self._cases.get(trade_id)
        if case is None or (chain == case.trade.hub_chain_id and status not in HUB_SIDE):
            return
        is_consistent = case.hear(chain, status)
        contradiction = case.contradiction()
        if not is_consistent or contradiction:
            detail = contradiction or f"{status.name} after {case.status_on(chain).name}"
            self._reports.append(Report(chain, trade_id, detail))
        if case.is_finished:
            del self._cases[trade_id]
            self._due.pop(trade_id, None)
        else:
            self._due[trade_id] = None

    def _learn_clients(self, chain: ChainView) -> None:
        for block in chain.blocks:
            for entry in block.clients:
                link = self._links[chain.chain_id, entry.source]
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

    def _learn_end(self, ended: Ended) -> None:
        match ended.effect:
            case UpdateClient(chain_id, header):
                self._learn_update_end(self._links[chain_id, header.chain_id], header.height, ended)
            case Prove(chain_id, packet, trade_id):
                case = self._cases.get(trade_id)
                errand = Errand(packet.source.chain_id, ended.effect.status, chain_id)
                if case is not None and errand in case.attempts:
                    self._learn_attempt_end(case.attempts[errand], trade_id, ended)
            case Announce(chain_id, trade_id):
                attempt = self._reannounced.get((chain_id, trade_id))
                if attempt is not None:
                    self._learn_attempt_end(attempt, trade_id, ended)

    def _learn_update_end(self, link: Link, height: int, ended: Ended) -> None:
        link.in_flight.discard(height)
        if ended.is_success or link.knows(height):
            return
        link.failures += 1
        wait_s = retry_after_s(ended.reason, min(link.failures, FAILURES_MAX))
        link.not_before_s = self._now_s + (BACKOFF_MAX_S if wait_s is None else wait_s)
        if link.failures == FAILURES_MAX:
            detail = f"header {height} of chain {link.source} is refused: {ended.reason}"
            self._reports.append(Report(link.destination, NOT_TRADES, detail))

    def _learn_attempt_end(self, attempt: Attempt, trade_id: TradeId, ended: Ended) -> None:
        attempt.is_in_flight = False
        if ended.is_success:
            attempt.is_done = True
            return
        attempt.failures += 1
        wait_s = retry_after_s(ended.reason, attempt.failures)
        if wait_s is None:
            attempt.is_done = True
            self._reports.append(Report(ended.effect.chain_id, trade_id, ended.reason))
            return
        attempt.not_before_s = self._now_s + wait_s
        heapq.heappush(self._alarms, (attempt.not_before_s, trade_id))

    # --- acting ---------------------------------------------------------------------------------

    def _act(self) -> tuple[Effect, ...]:
        while self._alarms and self._alarms[0][0] <= self._now_s:
            self._due[heapq.heappop(self._alarms)[1]] = None
        calls: list[CallEffect] = []
        headers: dict[tuple[ChainId, ChainId], set[int]] = {}
        for link in self._links.values():
            if link.changes and self._may_update(link):
                headers[link.destination, link.source] = {change.height for change in link.changes}
        for trade_id in self._due:
            if trade_id in self._cases:
                calls += self._serve(self._cases[trade_id], headers)
        self._due.clear()
        updates = self._updates(headers)
        reports, self._reports = tuple(self._reports), []
        return (*updates, *calls, *reports)

    def _serve(
        self, case: Case, headers: dict[tuple[ChainId, ChainId], set[int]]
    ) -> list[CallEffect]:
        """The calls that this trade needs now; the headers they need are added to ``headers``."""
        calls: list[CallEffect] = []
        for errand in case.errands(self._now_s):
            attempt = case.attempts.setdefault(errand, Attempt())
            fact = case.facts.get((errand.source, errand.status))
            link = self._links[errand.destination, errand.source]
            if fact is None or link.is_frozen or not self._is_ready(attempt):
                continue
            height = fact.announcement.height
            if not link.knows(height) and not self._may_update(link):
                heapq.heappush(self._alarms, (link.not_before_s, case.trade_id))
                continue
            packet = self._packet(link, fact)
            if packet is None:
                calls += self._announce_again(errand.source, case.trade_id)
                continue
            if not link.knows(height) and height not in link.in_flight:
                headers.setdefault((link.destination, link.source), set()).add(height)
            attempt.is_in_flight = True
            calls.append(Prove(errand.destination, packet, case.trade_id, case.trade))
        return calls

    def _is_ready(self, attempt: Attempt) -> bool:
        return not (attempt.is_in_flight or attempt.is_done or self._now_s < attempt.not_before_s)

    def _may_update(self, link: Link) -> bool:
        return not link.is_frozen and self._now_s >= link.not_before_s

    def _packet(self, link: Link, fact: Fact) -> Packet | None:
        """The proof of a fact, or None when this announcement of it cannot be proven any more."""
        said = fact.announcement
        if not (link.knows(said.height) or link.can_learn(said.height)):
            fact.is_spoilt = True
            return None
        evidence = self._evidence[link.source]
        try:
            header = proofs.header_packet(link.source, evidence.header(said.height))
            nodes = evidence.receipt_proof(said.height, said.tx_index)
            return proofs.packet(
                header, said.tx_index, said.log_index, said.ids, said.statuses, nodes
            )
        except proofs.ProofTooLarge:
            fact.is_spoilt = True
            return None

    def _announce_again(self, chain: ChainId, trade_id: TradeId) -> list[CallEffect]:
        attempt = self._reannounced.setdefault((chain, trade_id), Attempt())
        if not self._is_ready(attempt):
            return []
        attempt.is_in_flight = True
        return [Announce(chain, trade_id)]

    def _updates(self, headers: dict[tuple[ChainId, ChainId], set[int]]) -> list[Effect]:
        """One update per height, ascending: a fact from before a set change goes before it."""
        updates: list[Effect] = []
        for (destination, source), heights in headers.items():
            link = self._links[destination, source]
            for height in sorted(heights - link.in_flight):
                if link.knows(height):
                    continue
                sealed = self._evidence[source].header(height)
                try:
                    header = proofs.header_packet(source, sealed, link.previous_set(height))
                except ProofError as error:
                    updates.append(Report(destination, NOT_TRADES, str(error)))
                    continue
                link.in_flight.add(height)
                updates.append(UpdateClient(destination, header))
        return updates

    # --- helpers --------------------------------------------------------------------------------

    def _fits(self, said: Announcement) -> bool:
        nodes = self._evidence[said.chain_id].receipt_proof(said.height, said.tx_index)
        return sum(map(len, nodes)) <= proofs.PROOF_MAX

    def _links_from(self, source: ChainId) -> list[Link]:
        return [link for link in self._links.values() if link.source == source]

    def _report_frozen(self, link: Link, height: int) -> None:
        detail = f"the client of chain {link.source} froze at height {height}"
        self._reports.append(Report(link.destination, NOT_TRADES, detail))
