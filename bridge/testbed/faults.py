"""THE FAULTS: each is data that wraps one port, and nothing behind the port knows of it.

``fault_terms.py`` has what a scenario says of each; here is what then happens. Times are Unix
seconds: a fault happens in the second that begins then. Whatever happens is noted in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from bridge.events import Event, FaultInjected
from bridge.testbed import fault_terms as terms
from bridge.testbed.office import Office
from bridge.testbed.party import Act
from bridge.testbed.relayer_seat import RelayerSeat, Relays
from bridge.testbed.scenario import Scenario
from bridge.testbed.world import World, validator_keys
from chains.engine import Block, Engine, Height

Note: TypeAlias = Callable[[Event], None]


class Acts(Protocol):
    """The participants' port."""

    def step(self, now_s: int) -> Iterator[Act]:
        """Everything that is done by now, in order."""
        ...


class Produces(Protocol):
    """A chain's port: every ``Engine`` has it."""

    def produce_block(self, timestamp_s: int) -> Block:
        """The block of the second that ends now."""
        ...


# --- the relayer's port -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Silenced:
    """The relayer does nothing from ``from_s`` until before ``until_s``; None is for good."""

    relays: Relays
    from_s: int
    until_s: int | None
    note: Note

    def step(self, now_s: int) -> Iterator[Event]:
        """Relay, or keep quiet."""
        if now_s == self.from_s:
            until = "for good" if self.until_s is None else f"for {self.until_s - now_s} s"
            self.note(FaultInjected("relayer_silence", "relayer", f"silent {until}"))
        if now_s < self.from_s or (self.until_s is not None and now_s >= self.until_s):
            yield from self.relays.step(now_s)


@dataclass(frozen=True, slots=True)
class Restarted:
    """The relayer is gone from ``from_s`` on; a new one begins at ``at_s``."""

    relays: Relays
    seat: RelayerSeat
    from_s: int
    at_s: int
    note: Note

    def step(self, now_s: int) -> Iterator[Event]:
        """Relay, unless there is nobody to do it."""
        if now_s == self.from_s:
            self.note(FaultInjected("relayer_restart", "relayer", "crashes with all that it knew"))
        if now_s == self.at_s:
            self.seat.replace()
            self.note(FaultInjected("relayer_restart", "relayer", "a new one starts"))
        if not self.from_s <= now_s < self.at_s:
            yield from self.relays.step(now_s)


@dataclass(slots=True)
class Joined:
    """From ``at_s`` on a participant relays as well."""

    relays: Relays
    seat: RelayerSeat
    participant: str
    at_s: int
    note: Note
    _third: Relays | None = field(default=None, init=False)

    def step(self, now_s: int) -> Iterator[Event]:
        """Relay, each from its own account."""
        yield from self.relays.step(now_s)
        if now_s == self.at_s:
            self.note(FaultInjected("third_party", self.participant, "relays from now on"))
            self._third = self.seat.make(self.participant)
        if self._third is not None:
            yield from self._third.step(now_s)


def around_relayer(scenario: Scenario, seat: RelayerSeat, note: Note) -> Relays:
    """The relayer's port with its faults around it."""
    s = scenario.start_s
    relays: Relays = seat
    for fault in scenario.faults:
        match fault:
            case terms.RelayerSilence(at_s=at, for_s=span):
                relays = Silenced(relays, s + at, None if span is None else s + at + span, note)
            case terms.RelayerRestart(at_s=at, down_for_s=down):
                relays = Restarted(relays, seat, s + at, s + at + down, note)
            case terms.ThirdParty(at_s=at, participant=name):
                relays = Joined(relays, seat, name, s + at, note)
            case _:
                pass
    return relays


# --- a chain's port -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reorganised:
    """At ``at_s`` the newest ``depth`` blocks are replaced by the next, or all that are not sealed.

    Another reorganisation shortly before may have left fewer of them.
    """

    produces: Produces
    engine: Engine
    chain: str
    at_s: int
    depth: int
    drop: bool
    note: Note

    def produce_block(self, timestamp_s: int) -> Block:
        """The next block, which may follow an older one than the last."""
        if timestamp_s == self.at_s + 1:
            head = self.engine.latest
            depth = min(self.depth, head - self.engine.finalized)
            blocks = [self.engine.block(Height(head - n)) for n in range(depth)]
            held = [transaction.hash for block in blocks for transaction in block.transactions]
            self.engine.reorganise(depth, drop=held if self.drop else ())
            fate = "lost" if self.drop else "queued again"
            detail = f"blocks {head - depth + 1} to {head} replaced, {len(held)} calls {fate}"
            if not depth:
                detail = "no block was left to replace"
            self.note(FaultInjected("reorganisation", self.chain, detail))
        return self.produces.produce_block(timestamp_s)


@dataclass(frozen=True, slots=True)
class Rotated:
    """From ``at_s`` on ``keys`` seal the blocks."""

    produces: Produces
    engine: Engine
    chain: str
    at_s: int
    keys: tuple[bytes, ...]
    replaced: int
    note: Note

    def produce_block(self, timestamp_s: int) -> Block:
        """The next block, by whoever seals now."""
        if timestamp_s == self.at_s + 1:
            self.engine.rotate_validators(self.keys)
            detail = f"{self.replaced} of {len(self.keys)} validators hand over"
            self.note(FaultInjected("rotation", self.chain, detail))
        return self.produces.produce_block(timestamp_s)


def around_chain(world: World, chain: str, note: Note) -> Produces:
    """A chain's port with its faults around it."""
    engine, start_s = world.engines[chain], world.scenario.start_s
    size, gone = world.scenario.chains[chain].validators, 0
    produces: Produces = engine
    for fault in sorted(world.scenario.faults, key=lambda fault: fault.at_s):
        match fault:
            case terms.Reorganisation(at_s=at, depth=depth, drop=drop) if fault.chain == chain:
                produces = Reorganised(produces, engine, chain, start_s + at, depth, drop, note)
            case terms.Rotation(at_s=at, replaced=replaced) if fault.chain == chain:
                gone += replaced
                keys = validator_keys(world.seed, chain, size, first=gone)
                produces = Rotated(produces, engine, chain, start_s + at, keys, replaced, note)
            case _:
                pass
    return produces


# --- the participants' port ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frozen:
    """At ``at_s`` the issuer freezes a participant's account in a security."""

    acts: Acts
    office: Office
    fault: terms.Freeze
    at_s: int
    note: Note

    def step(self, now_s: int) -> Iterator[Act]:
        """What everybody does, the issuer first."""
        if now_s == self.at_s:
            detail = f"its account in {self.fault.instrument} is frozen"
            self.note(FaultInjected("freeze", self.fault.participant, detail))
            yield self.office.freeze(self.fault.participant, self.fault.instrument)
        yield from self.acts.step(now_s)


@dataclass(frozen=True, slots=True)
class Insolvent:
    """At ``at_s`` a participant stops, and its administrator takes what is not held."""

    acts: Acts
    office: Office
    fault: terms.Insolvency
    at_s: int
    note: Note

    def step(self, now_s: int) -> Iterator[Act]:
        """What everybody does; the participant nothing any more."""
        if now_s == self.at_s:
            name, administrator = self.fault.participant, self.fault.administrator
            detail = f"stops; {administrator} takes what is not held"
            self.note(FaultInjected("insolvency", name, detail))
            yield from self.office.wind_up(name, administrator)
        yield from self.acts.step(now_s)


def around_participants(scenario: Scenario, acts: Acts, office: Office, note: Note) -> Acts:
    """The participants' port with its faults around it."""
    s = scenario.start_s
    for fault in scenario.faults:
        match fault:
            case terms.Freeze(at_s=at):
                acts = Frozen(acts, office, fault, s + at, note)
            case terms.Insolvency(at_s=at):
                acts = Insolvent(acts, office, fault, s + at, note)
            case _:
                pass
    return acts
