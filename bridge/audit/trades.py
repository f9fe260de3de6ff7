"""The auditor's record of every trade over all chains, and the rules that bind its legs together.

It follows trades by their ids and by what contracts announce; it knows neither proofs nor packets.
A decision counts on another chain only from a block that was sealed by then, in the logs of the
very hub that the parties signed.

A trade is never over for the auditor, so the book remembers all of them: the trades spoken of last
as they are, older ones folded. Its size grows by some hundred bytes with each trade, and what a
fact costs does not grow at all.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from bridge.audit.facts import Announced, Delivered, Settled, Taken, Verb
from bridge.audit.findings import Findings, Rule
from bridge.audit.tracks import Track, fold, legs_on, unfold
from bridge.audit.words import Leg

OPEN_MAX = 1024  # trades that are not folded; as many as are usually under way, and more
COMMITTED, ABORTED, HELD, REFUSED = 2, 3, 4, 8
REMEMBERED = (COMMITTED, ABORTED, HELD, REFUSED)
DECISION_OF = {Verb.EXECUTED: COMMITTED, Verb.RELEASED: ABORTED}
UNDECIDED = {
    Verb.EXECUTED: Rule.EXECUTION_WITHOUT_DECISION,
    Verb.RELEASED: Rule.RELEASE_WITHOUT_DECISION,
}


class Moment(NamedTuple):
    """A place in a block: which contract speaks, when, and what was sealed elsewhere by then."""

    chain_id: int
    emitter: bytes
    height: int
    sealed: Mapping[int, int]  # the last sealed height by chain, when the block was produced
    frozen: Mapping[int, int]  # the chains whose light client here is frozen, since which height
    findings: Findings


class TradeTracks:
    """All trades."""

    def __init__(self, open_max: int = OPEN_MAX) -> None:
        self._open_max = open_max
        self._open: OrderedDict[bytes, Track] = OrderedDict()
        self._folded: dict[bytes, bytes] = {}
        self._ours: set[tuple[int, bytes]] = set()  # who spoke and is watched

    def announced(self, at: Moment, fact: Announced, *, is_ours: bool) -> None:
        """Somebody announces; only what a hub or an agent of the trade says has weight."""
        emitter = (at.chain_id, at.emitter)
        if is_ours:
            self._ours.add(emitter)
        for trade_id, status in fact.statuses:
            if status not in REMEMBERED:
                continue
            track = self._track(trade_id)
            said = track.said.setdefault(emitter, {})
            if status in said:
                continue
            said[status] = at.height
            if is_ours or (track.terms.hub_chain_id, track.terms.hub) == emitter:
                _check_unique(at, trade_id, said)
            if is_ours and status == COMMITTED:
                _check_commit(at, trade_id, track)
            if status == REFUSED:
                self._check_sides(at, trade_id, track)

    def taken(self, at: Moment, fact: Taken) -> list[Leg]:
        """A trade is opened at its hub, or held by an agent; its legs here."""
        track, terms = self._track(fact.trade_id), fact.terms
        if not track.taken:
            track.terms = terms
        elif track.terms != terms:
            at.findings.broken(Rule.TERMS, "the terms differ from another chain's", fact.trade_id)
        is_again = at.chain_id in track.taken
        if is_again:
            at.findings.broken(Rule.HELD_TWICE, "the legs are held once more", fact.trade_id)
        ended = track.heights(at.chain_id, at.emitter)
        if any(status in ended for status in (COMMITTED, ABORTED, REFUSED)):
            detail = "the legs are held after a refusal or a decision"
            at.findings.broken(Rule.HELD_TWICE, detail, fact.trade_id)
        if not is_again:
            track.taken.append(at.chain_id)
        _check_unique(at, fact.trade_id, track.heights(terms.hub_chain_id, terms.hub))
        return legs_on(terms, at.chain_id)

    def settled(self, at: Moment, fact: Settled) -> list[Leg]:
        """A chain executes or releases its legs; those that were delivered."""
        track = self._find(fact.trade_id)
        if at.chain_id not in track.taken:
            detail = f"legs are {fact.verb.value} that were never held"
            at.findings.broken(Rule.SETTLED_UNHELD, detail, fact.trade_id)
        if not track.taken:
            return []
        if at.chain_id in track.settled:
            detail = f"legs are {fact.verb.value} that were {track.settled[at.chain_id].value}"
            at.findings.broken(Rule.DOUBLE_DELIVERY, detail, fact.trade_id)
        track.settled[at.chain_id] = fact.verb
        track.left_behind[at.chain_id] = fact.undelivered
        self._ended(at, fact.trade_id, track, fact.verb)
        return track.legs_on(at.chain_id, ~fact.undelivered)

    def delivered(self, at: Moment, fact: Delivered) -> tuple[Verb, list[Leg]]:
        """A leg that was left behind is delivered."""
        track = self._find(fact.trade_id)
        left = track.left_behind.get(at.chain_id, 0)
        if not left >> fact.leg & 1:
            detail = f"leg {fact.leg} is delivered but was not left behind"
            at.findings.broken(Rule.DOUBLE_DELIVERY, detail, fact.trade_id)
            return Verb.EXECUTED, []
        track.left_behind[at.chain_id] = left & ~(1 << fact.leg)
        return track.settled[at.chain_id], track.legs_on(at.chain_id, 1 << fact.leg)

    def ended(self, at: Moment, trade_id: bytes, verb: Verb) -> None:
        """A leg is executed or released: by a decision, and like all the others."""
        self._ended(at, trade_id, self._find(trade_id), verb)

    def _ended(self, at: Moment, trade_id: bytes, track: Track, verb: Verb) -> None:
        if not track.taken or verb is Verb.PLACED:
            return
        _check_decided(at, trade_id, track, verb)
        if verb not in track.sides:
            track.sides.append(verb)
        self._check_sides(at, trade_id, track)

    def _check_sides(self, at: Moment, trade_id: bytes, track: Track) -> None:
        if Verb.EXECUTED not in track.sides:
            return
        refused = [
            leg.chain_id
            for leg in track.terms.legs
            if (leg.chain_id, leg.agent) in self._ours
            and REFUSED in track.heights(leg.chain_id, leg.agent)
        ]
        if Verb.RELEASED in track.sides or refused:
            other = f"refused on {refused[0]}" if refused else "released"
            at.findings.broken(Rule.ONE_SIDED, f"one leg is executed, another {other}", trade_id)

    def _find(self, trade_id: bytes) -> Track:
        """The trade, or an empty one, not kept, when nobody has spoken of it."""
        is_known = trade_id in self._open or trade_id in self._folded
        return self._track(trade_id) if is_known else Track()

    def _track(self, trade_id: bytes) -> Track:
        """The trade, which is kept from now on; it may be changed until another is asked for."""
        track = self._open.get(trade_id)
        if track is None:
            folded = self._folded.pop(trade_id, None)
            track = self._open[trade_id] = Track() if folded is None else unfold(folded)
            if len(self._open) > self._open_max:
                oldest, its_track = self._open.popitem(last=False)
                self._folded[oldest] = fold(its_track)
        return track


def _check_unique(at: Moment, trade_id: bytes, said: Mapping[int, int]) -> None:
    if COMMITTED in said and ABORTED in said:
        detail = f"committed at {said[COMMITTED]}, aborted at {said[ABORTED]}"
        at.findings.broken(Rule.DECISION_UNIQUE, detail, trade_id)


def _check_commit(at: Moment, trade_id: bytes, track: Track) -> None:
    if at.chain_id not in track.taken:
        detail = "committed but never opened here"
        at.findings.broken(Rule.DECISION_BEFORE_HELD, detail, trade_id)
        return
    for leg in track.terms.legs:
        held = track.heights(leg.chain_id, leg.agent).get(HELD)
        is_sealed = held is not None and held <= at.sealed.get(leg.chain_id, -1)
        if leg.chain_id != at.chain_id and not is_sealed:
            detail = f"committed before chain {leg.chain_id} has held, sealed"
            at.findings.broken(Rule.DECISION_BEFORE_HELD, detail, trade_id)


def _check_decided(at: Moment, trade_id: bytes, track: Track, verb: Verb) -> None:
    hub_chain_id, hub = track.terms.hub_chain_id, track.terms.hub
    decided = track.heights(hub_chain_id, hub).get(DECISION_OF[verb])
    by_then = at.height if hub_chain_id == at.chain_id else at.sealed.get(hub_chain_id, -1)
    is_decided = decided is not None and decided <= by_then
    if not is_decided and hub_chain_id not in at.frozen:  # else its parties may have ended it
        detail = f"{verb.value} on {at.chain_id} without the hub's decision on {hub_chain_id}"
        at.findings.broken(UNDECIDED[verb], detail, trade_id)
