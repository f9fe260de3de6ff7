"""THE LOOP: look at what is sealed, decide what some chain still has to be told, send it.

The relayer is a courier. It carries headers, proofs of ``Announced`` logs and requests to announce
again, and nothing else; it holds no orders, no keys of parties and no authority. Everything it
knows it reads from the chains, so a new one takes over by reading them from the start.

``step`` does no input or output: sealed things come in with the view, calls go out as effects.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence

from bridge import proofs
from bridge.errands import AnnounceErrand, Errand, ProveErrand, UpdateErrand
from bridge.errors import ProofError
from bridge.model import BATCH_MAX, Address, ChainId, Packet, SealedHeader, TradeId
from bridge.protocols.hold_decide import HoldDecide
from bridge.protocols.protocol import SettlementProtocol
from bridge.relay_batches import PATIENCE_S, Ready, Requests, better_together, decided_by, parcels
from bridge.relay_book import NOT_TRADES, Book
from bridge.relay_case import DECIDED, Announcement, Attempt, Case
from bridge.relay_link import Link
from bridge.relay_view import (
    Announce,
    CallEffect,
    Effect,
    Ended,
    Member,
    Prove,
    Report,
    UpdateClient,
    View,
)
from bridge.retries import BACKOFF_MAX_S, FAILURES_MAX, retry_after_s

NOT_SAID = "not announced"
"""Why to look again at a trade of which its chain had nothing to say, or not yet."""

Wanted = dict[tuple[ChainId, ChainId], set[int]]  # heights by (destination, source)


class Relayer:
    """Carries what is sealed on each chain to the chains that wait for it."""

    def __init__(
        self, protocol: SettlementProtocol | None = None, *, is_batching: bool = True
    ) -> None:
        """Without batching every trade has transactions of its own."""
        self._protocol = protocol or HoldDecide()
        self._is_batching = is_batching
        self._book = Book()
        self._alarms: list[tuple[int, TradeId]] = []  # when to look at a trade again, a heap
        self._alarmed: set[tuple[int, TradeId]] = set()  # the same, so that each is set once
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
                for trade_id, carry in errand.carries:
                    if trade_id in self._book.cases:
                        self._book.cases[trade_id].attempt(carry).is_in_flight = True
            case AnnounceErrand(chain_id, trade_ids):
                for trade_id in self._book.open_ones(trade_ids):
                    self._await(chain_id, trade_id)

    def _learn_end(self, ended: Ended) -> None:
        match ended.errand:
            case UpdateErrand(chain_id, source, height):
                self._learn_update_end(self._book.links[chain_id, source], height, ended)
            case ProveErrand() as errand:
                for trade_id, carry in errand.carries:
                    if trade_id in self._book.cases:
                        attempt = self._book.cases[trade_id].attempt(carry)
                        self._learn_proof_end(attempt, trade_id, ended)
            case AnnounceErrand(chain_id, trade_ids):
                for trade_id in trade_ids:  # one that was heard is asked for no more
                    if (chain_id, trade_id) in self._book.announcing:
                        attempt = self._book.announcing[chain_id, trade_id]
                        attempt.is_in_flight = False
                        self._fail(attempt, trade_id, chain_id, ended.reason or NOT_SAID)

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

    def _learn_proof_end(self, attempt: Attempt, trade_id: TradeId, ended: Ended) -> None:
        attempt.is_in_flight = False
        if ended.is_success and trade_id not in ended.skipped:
            attempt.is_done = True
        else:
            reason = ended.skipped.get(trade_id, ended.reason)
            self._fail(attempt, trade_id, ended.errand.chain_id, reason)

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
            alarm = heapq.heappop(self._alarms)
            self._alarmed.discard(alarm)
            self._book.due[alarm[1]] = None
        headers: Wanted = {}
        for link in self._book.links.values():
            if link.changes and self._may_update(link):
                headers[link.destination, link.source] = {change.height for change in link.changes}
        due, self._book.due = self._book.due, {}
        frozen = self._book.frozen
        ready = [
            one
            for trade_id in due
            if trade_id in self._book.cases
            for one in self._ready(self._book.cases[trade_id], frozen)
        ]
        calls = list(self._calls(ready, headers))
        updates = self._updates(headers)
        reports, self._book.reports = tuple(self._book.reports), []
        return (*updates, *calls, *reports)

    def _ready(self, case: Case, frozen: Mapping[ChainId, frozenset[ChainId]]) -> Iterator[Ready]:
        """What can be carried of this trade now."""
        if self._book.forget_finished(case):
            return
        carries = tuple(case.carries(self._protocol, self._now_s, frozen))
        if not carries and case.hub_status in DECIDED:  # until no hold can come any more
            self._look_again(case.trade_id, max(case.trade.prepare_by_s, self._now_s) + 1)
        for carry in carries:
            attempt = case.attempt(carry)
            fact = case.facts.get((carry.source, carry.status))
            if fact is None or not self._is_ready(attempt):
                continue
            asked = self._book.announcing.get((carry.source, case.trade_id))
            if asked is not None and asked.is_in_flight and self._now_s < asked.not_before_s:
                continue
            link = self._book.links[carry.target, carry.source]
            if link.knows(fact.announcement.height) or self._may_update(link):
                yield Ready(case, carry, attempt, fact, asked)
            else:
                self._look_again(case.trade_id, link.not_before_s)

    def _calls(self, ready: Sequence[Ready], headers: Wanted) -> Iterator[CallEffect]:
        """The calls that are needed now; the headers they need are added to ``headers``."""
        requests = Requests()
        provable = [one for one in ready if self._can_be_shown(one)]
        waiting: set[tuple[ChainId, TradeId]] = set()
        if self._is_batching:
            waiting = better_together(provable, self._now_s, self._age_s)
        for one in ready:
            chain = one.carry.source
            if one.fact.is_spoilt or (chain, one.trade_id) in waiting:
                requests.add(chain, one.trade_id, self._company(one.fact.company_max))
        provable = [one for one in provable if (one.carry.source, one.trade_id) not in waiting]
        for log, batch in parcels(provable, self._company(BATCH_MAX)):
            yield from self._prove(log, batch, headers, requests)
        for chain, trade_ids in requests:
            yield from self._announce(chain, trade_ids)

    def _prove(
        self, log: Announcement, batch: tuple[Ready, ...], headers: Wanted, requests: Requests
    ) -> Iterator[CallEffect]:
        """One proof for all these trades, which this log names."""
        target = batch[0].carry.target
        link = self._book.links[target, log.chain_id]
        try:
            packet = self._packet(log)
        except proofs.ProofTooLarge:
            for one in batch:
                one.fact.spoil()
                company_max = self._company(one.fact.company_max)
                requests.add(log.chain_id, one.trade_id, company_max)
            return
        except ProofError as error:  # what one log's evidence is like stops no other
            for one in batch:
                self._fail(one.attempt, one.trade_id, target, str(error))
            return
        if not link.knows(log.height) and log.height not in link.in_flight:
            headers.setdefault((link.destination, link.source), set()).add(log.height)
        for one in batch:
            one.attempt.is_in_flight = True
        members = tuple(Member(one.trade_id, one.case.trade) for one in batch)
        decided = decided_by(batch) if len(batch) > 1 else ()
        yield Prove(target, packet, members)
        if decided:
            yield from self._announce(target, decided)

    def _announce(self, chain: ChainId, trade_ids: Sequence[TradeId]) -> Iterator[CallEffect]:
        """Have a chain say in one log what it stores of those trades that it was not asked of."""
        wanted = tuple(i for i in trade_ids if self._is_ready(self._book.asked(chain, i)))
        for trade_id in wanted:
            self._await(chain, trade_id)
        if wanted:
            yield Announce(chain, wanted)

    def _await(self, chain: ChainId, trade_id: TradeId) -> None:
        """Wait for what a chain was asked to say, but no longer than it should take to seal it."""
        asked = self._book.asked(chain, trade_id)
        asked.is_in_flight = True
        asked.not_before_s = self._now_s + self._age_s(chain) + PATIENCE_S
        self._look_again(trade_id, asked.not_before_s)

    def _age_s(self, chain: ChainId) -> int:
        """How old a chain's last sealed block is; nothing for a chain whose clock is ahead."""
        return max(0, self._now_s - self._book.sealed_s[chain])

    def _can_be_shown(self, one: Ready) -> bool:
        """False when this announcement cannot be proven any more, or never could."""
        height = one.fact.announcement.height
        link = self._book.links[one.carry.target, one.carry.source]
        if not (link.knows(height) or link.can_learn(height)):
            one.fact.is_spoilt = True
        return not one.fact.is_spoilt

    def _company(self, most: int) -> int:
        return most if self._is_batching else 1

    def _look_again(self, trade_id: TradeId, at_s: int) -> None:
        alarm = at_s, trade_id
        if alarm not in self._alarmed:
            self._alarmed.add(alarm)
            heapq.heappush(self._alarms, alarm)

    def _is_ready(self, attempt: Attempt) -> bool:
        return not (attempt.is_in_flight or attempt.is_done or self._now_s < attempt.not_before_s)

    def _may_update(self, link: Link) -> bool:
        return not link.is_frozen and self._now_s >= link.not_before_s

    def _packet(self, log: Announcement) -> Packet:
        """The proof of a log. Raises ProofTooLarge, or another ProofError."""
        header = self._header(log.chain_id, log.height)
        nodes = self._book.evidence[log.chain_id].receipt_proof(log.height, log.tx_index)
        return proofs.packet(header, log.tx_index, log.log_index, log.ids, log.statuses, nodes)

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
