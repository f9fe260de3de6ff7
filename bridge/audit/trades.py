"""The auditor's record of every trade over all chains, and the rules that bind its legs together.

It follows trades by their ids and by what contracts announce; it knows neither proofs nor packets.
A decision counts on another chain only from a block that was sealed by then, in the logs of the
very hub that the parties signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.audit.facts import Announced, Delivered, Settled, Taken, Verb
from bridge.audit.findings import Findings, Rule
from bridge.audit.words import Leg, Terms

COMMITTED, ABORTED, HELD, REFUSED = 2, 3, 4, 8
REMEMBERED = (COMMITTED, ABORTED, HELD, REFUSED)
DECISION_OF = {Verb.EXECUTED: COMMITTED, Verb.RELEASED: ABORTED}
UNDECIDED = {
    Verb.EXECUTED: Rule.EXECUTION_WITHOUT_DECISION,
    Verb.RELEASED: Rule.RELEASE_WITHOUT_DECISION,
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a block: which contract speaks, when, and what was sealed elsewhere by then."""

    chain_id: int
    emitter: bytes
    height: int
    sealed: Mapping[int, int]  # the last sealed height by chain, when the block was produced
    frozen: Mapping[int, int]  # the chains whose light client here is frozen, since which height
    findings: Findings


@dataclass(slots=True)
class Track:
    """One trade."""

    terms: Terms
    taken: list[int] = field(default_factory=list)  # the chains on which its legs were held
    settled: dict[int, Verb] = field(default_factory=dict)  # by chain
    left_behind: dict[int, int] = field(default_factory=dict)  # undelivered legs by chain
    sides: list[Verb] = field(default_factory=list)  # what became of any leg anywhere
    is_resolved: bool = False  # ended by its parties, under a frozen light client

    def legs_on(self, chain_id: int, mask: int = -1) -> list[Leg]:
        """Its legs on one chain, of those in ``mask``."""
        return [
            leg
            for i, leg in enumerate(self.terms.legs)
            if leg.chain_id == chain_id and mask >> i & 1
        ]


class TradeBook:
    """All trades."""

    def __init__(self) -> None:
        self.tracks: dict[bytes, Track] = {}
        self._said: dict[tuple[int, bytes, bytes], dict[int, int]] = {}
        self._ours: set[tuple[int, bytes]] = set()  # who spoke and is watched

    def announced(self, at: Moment, fact: Announced, *, is_ours: bool) -> None:
        """Somebody announces; only what a hub or an agent of the trade says has weight."""
        if is_ours:
            self._ours.add((at.chain_id, at.emitter))
        for trade_id, status in fact.statuses:
            key = (at.chain_id, at.emitter, trade_id)
            if status not in REMEMBERED or status in self._said.get(key, {}):
                continue
            self._said.setdefault(key, {})[status] = at.height
            track = self.tracks.get(trade_id)
            if is_ours or (track and (track.terms.hub_chain_id, track.terms.hub) == key[:2]):
                self._check_unique(at, trade_id, key)
            if is_ours and status == COMMITTED:
                self._check_commit(at, trade_id)
            if status == REFUSED and track:
                self._check_sides(at, trade_id, track)

    def taken(self, at: Moment, fact: Taken) -> list[Leg]:
        """A trade is opened at its hub, or held by an agent; its legs here."""
        track = self.tracks.setdefault(fact.trade_id, Track(fact.terms))
        if track.terms != fact.terms:
            at.findings.broken(Rule.TERMS, "the terms differ from another chain's", fact.trade_id)
        if at.chain_id in track.taken:
            at.findings.broken(Rule.HELD_TWICE, "the legs are held once more", fact.trade_id)
        ended = self._said.get((at.chain_id, at.emitter, fact.trade_id), {})
        if any(status in ended for status in (COMMITTED, ABORTED, REFUSED)):
            detail = "the legs are held after a refusal or a decision"
            at.findings.broken(Rule.HELD_TWICE, detail, fact.trade_id)
        track.taken.append(at.chain_id)
        self._check_unique(
            at, fact.trade_id, (fact.terms.hub_chain_id, fact.terms.hub, fact.trade_id)
        )
        return Track(fact.terms).legs_on(at.chain_id)

    def settled(self, at: Moment, fact: Settled) -> list[Leg]:
        """A chain executes or releases its legs; those that were delivered."""
        track = self.tracks.get(fact.trade_id)
        if track is None or at.chain_id not in track.taken:
            detail = f"legs are {fact.verb.value} that were never held"
            at.findings.broken(Rule.SETTLED_UNHELD, detail, fact.trade_id)
        if track is None:
            return []
        if at.chain_id in track.settled:
            detail = f"legs are {fact.verb.value} that were {track.settled[at.chain_id].value}"
            at.findings.broken(Rule.DOUBLE_DELIVERY, detail, fact.trade_id)
        track.settled[at.chain_id] = fact.verb
        track.left_behind[at.chain_id] = fact.undelivered
        self.ended(at, fact.trade_id, fact.verb)
        return track.legs_on(at.chain_id, ~fact.undelivered)

    def delivered(self, at: Moment, fact: Delivered) -> tuple[Verb, list[Leg]]:
        """A leg that was left behind is delivered."""
        track = self.tracks.get(fact.trade_id)
        left = track.left_behind.get(at.chain_id, 0) if track else 0
        if track is None or not left >> fact.leg & 1:
            detail = f"leg {fact.leg} is delivered but was not left behind"
            at.findings.broken(Rule.DOUBLE_DELIVERY, detail, fact.trade_id)
            return Verb.EXECUTED, []
        track.left_behind[at.chain_id] = left & ~(1 << fact.leg)
        return track.settled[at.chain_id], track.legs_on(at.chain_id, 1 << fact.leg)

    def ended(self, at: Moment, trade_id: bytes, verb: Verb) -> None:
        """A leg is executed or released: by a decision, and like all the others."""
        track = self.tracks.get(trade_id)
        if track is None or verb is Verb.PLACED:
            return
        self._check_decided(at, trade_id, track, verb)
        track.sides.append(verb)
        self._check_sides(at, trade_id, track)

    def _check_unique(self, at: Moment, trade_id: bytes, key: tuple[int, bytes, bytes]) -> None:
        said = self._said.get(key, {})
        if COMMITTED in said and ABORTED in said:
            detail = f"committed at {said[COMMITTED]}, aborted at {said[ABORTED]}"
            at.findings.broken(Rule.DECISION_UNIQUE, detail, trade_id)

    def _check_commit(self, at: Moment, trade_id: bytes) -> None:
        track = self.tracks.get(trade_id)
        if track is None or at.chain_id not in track.taken:
            detail = "committed but never opened here"
            at.findings.broken(Rule.DECISION_BEFORE_HELD, detail, trade_id)
            return
        for leg in track.terms.legs:
            held = self._said.get((leg.chain_id, leg.agent, trade_id), {}).get(HELD)
            is_sealed = held is not None and held <= at.sealed.get(leg.chain_id, -1)
            if leg.chain_id != at.chain_id and not is_sealed:
                detail = f"committed before chain {leg.chain_id} has held, sealed"
                at.findings.broken(Rule.DECISION_BEFORE_HELD, detail, trade_id)

    def _check_decided(self, at: Moment, trade_id: bytes, track: Track, verb: Verb) -> None:
        hub_chain_id, hub = track.terms.hub_chain_id, track.terms.hub
        decided = self._said.get((hub_chain_id, hub, trade_id), {}).get(DECISION_OF[verb])
        by_then = at.height if hub_chain_id == at.chain_id else at.sealed.get(hub_chain_id, -1)
        if decided is not None and decided <= by_then:
            return
        if hub_chain_id in at.frozen:
            track.is_resolved = True
            return
        detail = f"{verb.value} on {at.chain_id} without the hub's decision on {hub_chain_id}"
        at.findings.broken(UNDECIDED[verb], detail, trade_id)

    def _check_sides(self, at: Moment, trade_id: bytes, track: Track) -> None:
        if Verb.EXECUTED not in track.sides:
            return
        refused = [
            leg.chain_id
            for leg in track.terms.legs
            if (leg.chain_id, leg.agent) in self._ours
            and REFUSED in self._said.get((leg.chain_id, leg.agent, trade_id), {})
        ]
        if Verb.RELEASED in track.sides or refused:
            other = f"refused on {refused[0]}" if refused else "released"
            at.findings.broken(Rule.ONE_SIDED, f"one leg is executed, another {other}", trade_id)
