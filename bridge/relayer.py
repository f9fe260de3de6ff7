"""THE LOOP: look at what is sealed, decide what some chain still has to be told, send it.

The relayer is a courier. It carries headers, proofs of ``Announced`` logs and requests to announce
again, and nothing else; it holds no orders, no keys of parties and no authority. Everything it
knows it reads from the chains, so a new one takes over by reading them from the start.

``step`` does no input or output: sealed things come in with the view, calls go out as effects.
"""

from __future__ import annotations

import heapq

from bridge import proofs
from bridge.errands import AnnounceErrand, Errand, ProveErrand, UpdateErrand
from bridge.errors import ProofError
from bridge.model import Address, ChainId, Packet, SealedHeader, TradeId
from bridge.protocols.hold_decide import HoldDecide
from bridge.protocols.protocol import Carry, SettlementProtocol
from bridge.relay_book import NOT_TRADES, Book
from bridge.relay_case import DECIDED, Attempt, Case, Fact
from bridge.relay_link import Link
from bridge.relay_view import (
    Announce,
    CallEffect,
    Effect,
    Ended,
    Prove,
    Report,
    UpdateClient,
    View,
)
from bridge.retries import BACKOFF_MAX_S, FAILURES_MAX, retry_after_s

Wanted = dict[tuple[ChainId, ChainId], set[int]]  # heights by (destination, source)


class Relayer:
    """Carries what is sealed on each chain to the chains that wait for it."""

    def __init__(self, protocol: SettlementProtocol | None = None) -> None:
        self._protocol = protocol or HoldDecide()
        self._book = Book()
        self._alarms: list[tuple[int, TradeId]] = []  # when to look at a trade again
        self._headers: dict[tuple[ChainId, int], SealedHeader] = {}
        self._now_s = 0

    @property
    def open_trades(self) -> int:
        """How many trades are in flight."""
        return len(self._book.cases)

    def step(self, view: View) -> tuple[Effect, ...]:
        """Take in what the chains sealed since the last step; say what to send now.

        Effects for one chain are to be included in their order: updates before the proofs
        that need them.
        """
        self._now_s = view.now_s
        self._headers.clear()
        self._book.read(view)
        for chain in view.chains:
            for errand in chain.resumed:
                self._resume(errand)
            for ended in chain.ended:
                self._learn_end(ended)
        return self._act()

    # --- learning what became of our calls ------------------------------------------------------

    def _resume(self, errand: Errand) -> None:
        """An earlier life has sent this: it is waited for, and not sent beside itself."""
        match errand:
            case UpdateErrand(chain_id, source, height):
                link = self._book.links[chain_id, source]
                if not link.knows(height):
                    link.in_flight.add(height)
            case ProveErrand():
                for trade_id in self._book.open_ones(errand.trade_ids):
                    self._book.cases[trade_id].attempt(errand.carry).is_in_flight = True
            case AnnounceErrand(chain_id, trade_ids):
                for trade_id in self._book.open_ones(trade_ids):
                    self._book.asked(chain_id, trade_id).is_in_flight = True

    def _learn_end(self, ended: Ended) -> None:
        match ended.errand:
            case UpdateErrand(chain_id, source, height):
                self._learn_update_end(self._book.links[chain_id, source], height, ended)
            case ProveErrand() as errand:
                for trade_id in self._book.open_ones(errand.trade_ids):
                    attempt = self._book.cases[trade_id].attempt(errand.carry)
                    self._learn_attempt_end(attempt, trade_id, ended)
            case AnnounceErrand(chain_id, trade_ids):
                for trade_id in trade_ids:  # one that was heard is asked for no more
                    if (chain_id, trade_id) in self._book.announcing:
                        attempt = self._book.announcing[chain_id, trade_id]
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
            self._book.reports.append(Report(link.destination, NOT_TRADES, detail))

    def _learn_attempt_end(self, attempt: Attempt, trade_id: TradeId, ended: Ended) -> None:
        attempt.is_in_flight = False
        if ended.is_success:
            attempt.is_done = True
        else:
            self._fail(attempt, trade_id, ended.errand.chain_id, ended.reason)

    def _fail(self, attempt: Attempt, trade_id: TradeId, chain: ChainId, reason: str) -> None:
        """Look at a trade again when its wait is over, or give this attempt up and say so."""
        attempt.failures += 1
        wait_s = retry_after_s(reason, attempt.failures)
        if wait_s is None:
            attempt.is_done = True
            self._book.reports.append(Report(chain, trade_id, reason))
            return
        attempt.not_before_s = self._now_s + wait_s
        self._look_again(trade_id, attempt.not_before_s)

    # --- acting ---------------------------------------------------------------------------------

    def _act(self) -> tuple[Effect, ...]:
        while self._alarms and self._alarms[0][0] <= self._now_s:
            self._book.due[heapq.heappop(self._alarms)[1]] = None
        calls: list[CallEffect] = []
        headers: Wanted = {}
        for link in self._book.links.values():
            if link.changes and self._may_update(link):
                headers[link.destination, link.source] = {change.height for change in link.changes}
        due, self._book.due = self._book.due, {}
        for trade_id in due:
            if trade_id in self._book.cases:
                calls += self._serve(self._book.cases[trade_id], headers)
        updates = self._updates(headers)
        reports, self._book.reports = tuple(self._book.reports), []
        return (*updates, *calls, *reports)

    def _serve(self, case: Case, headers: Wanted) -> list[CallEffect]:
        """The calls that this trade needs now; the headers they need are added to ``headers``."""
        if self._book.forget_finished(case):
            return []
        calls: list[CallEffect] = []
        carries = tuple(case.carries(self._protocol, self._now_s, self._book.frozen))
        if not carries and case.hub_status in DECIDED:  # until no hold can come any more
            self._look_again(case.trade_id, max(case.trade.prepare_by_s, self._now_s) + 1)
        for carry in carries:
            attempt = case.attempt(carry)
            try:
                calls += self._carry(case, carry, attempt, headers)
            except ProofError as error:  # what one trade's evidence is like stops no other
                self._fail(attempt, case.trade_id, carry.target, str(error))
        return calls

    def _carry(
        self, case: Case, carry: Carry, attempt: Attempt, headers: Wanted
    ) -> list[CallEffect]:
        """The proof of one fact, or what has to come before it. Raises ProofError."""
        fact = case.facts.get((carry.source, carry.status))
        link = self._book.links[carry.target, carry.source]
        if fact is None or not self._is_ready(attempt):
            return []
        height = fact.announcement.height
        if not link.knows(height) and not self._may_update(link):
            self._look_again(case.trade_id, link.not_before_s)
            return []
        packet = self._packet(link, fact)
        if packet is None:
            return self._announce_again(carry.source, case.trade_id)
        if not link.knows(height) and height not in link.in_flight:
            headers.setdefault((link.destination, link.source), set()).add(height)
        attempt.is_in_flight = True
        return [Prove(carry.target, packet, case.trade_id, case.trade)]

    def _look_again(self, trade_id: TradeId, at_s: int) -> None:
        heapq.heappush(self._alarms, (at_s, trade_id))

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
        try:
            header = self._header(link.source, said.height)
            nodes = self._book.evidence[link.source].receipt_proof(said.height, said.tx_index)
            return proofs.packet(
                header, said.tx_index, said.log_index, said.ids, said.statuses, nodes
            )
        except proofs.ProofTooLarge:
            fact.is_spoilt = True
            return None

    def _announce_again(self, chain: ChainId, trade_id: TradeId) -> list[CallEffect]:
        attempt = self._book.asked(chain, trade_id)
        if not self._is_ready(attempt):
            return []
        attempt.is_in_flight = True
        return [Announce(chain, trade_id)]

    def _updates(self, headers: Wanted) -> list[Effect]:
        """One update per height, ascending: a fact from before a set change goes before it."""
        updates: list[Effect] = []
        for (destination, source), heights in headers.items():
            link = self._book.links[destination, source]
            for height in sorted(heights - link.in_flight):
                if link.knows(height):
                    continue
                try:
                    header = self._header(source, height, link.previous_set(height))
                except ProofError as error:
                    link.not_before_s = self._now_s + BACKOFF_MAX_S
                    updates.append(Report(destination, NOT_TRADES, str(error)))
                    break
                link.in_flight.add(height)
                updates.append(UpdateClient(destination, header))
        return updates

    def _header(
        self, source: ChainId, height: int, trusted: tuple[Address, ...] = ()
    ) -> SealedHeader:
        """A header packet, built once a step unless it has to bring the trusted set. ProofError."""
        if trusted:
            return proofs.header_packet(source, self._book.evidence[source].header(height), trusted)
        if (source, height) not in self._headers:
            sealed = self._book.evidence[source].header(height)
            self._headers[source, height] = proofs.header_packet(source, sealed)
        return self._headers[source, height]
