"""Runs whose relayer is cut at one point, and goes on in a new life."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from bridge.errands import errand_of
from bridge.events import Event
from bridge.outbox import Entry, Outbox, State
from bridge.testbed.relaying import Relaying
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import RELAYER, World, validator_keys
from chains.clock import MS_PER_S
from chains.engine import Engine
from chains.transactions import decode_transaction
from tests.support.runs import PVP, leg, scenario, trade


class Killed(BaseException):
    """The end of a process: like SIGKILL, nothing catches it on its way out."""


def die() -> None:
    raise Killed


@dataclass
class Fuse:
    """Counts the points that a relayer passes, and kills it at one of them."""

    at: int | None = None
    kill: Callable[[], None] = die
    passed: list[str] = field(default_factory=list)

    def reach(self, point: str) -> None:
        self.passed.append(point)
        if len(self.passed) - 1 == self.at:
            self.kill()


class MortalEngine:
    """An engine that its relayer may die at, before and after a submission."""

    def __init__(self, engine: Engine, fuse: Fuse, names: Callable[[bytes], str]) -> None:
        self._engine = engine
        self._fuse = fuse
        self._names = names

    def submit(self, raw: bytes) -> bytes:
        name = self._names(raw)
        self._fuse.reach(f"before submitting {name}")
        tx_hash = self._engine.submit(raw)
        self._fuse.reach(f"after submitting {name}")
        return tx_hash

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


class MortalOutbox(Outbox):
    """An outbox that its relayer may die at: before a write, with it uncommitted, and after."""

    def __init__(self, path: Path, fuse: Fuse) -> None:
        self._fuse = fuse
        self._writing = ""
        super().__init__(path)

    def write(
        self, stored: Sequence[Entry] = (), marks: Mapping[bytes, State] | None = None
    ) -> None:
        self._writing = f"storing {len(stored)} and marking {len(marks or {})}"
        self._fuse.reach(f"before {self._writing}")
        super().write(stored, marks)
        self._writing = ""
        self._fuse.reach(f"after storing {len(stored)} and marking {len(marks or {})}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with super()._transaction():
            yield
            if self._writing:
                self._fuse.reach(f"before the commit of {self._writing}")


def mortal_world(testbed: Testbed, fuse: Fuse) -> World:
    """The world as a relayer sees it that may die at every submission."""

    def names(raw: bytes) -> str:
        sent = decode_transaction(raw)
        deployed = next(
            c for c in testbed.deployment.chains.values() if c.chain_id == sent.chain_id
        )
        return type(errand_of(deployed, sent.to, sent.data)).__name__

    engines = {
        name: cast(Engine, MortalEngine(engine, fuse, names))
        for name, engine in testbed.world.engines.items()
    }
    return replace(testbed.world, engines=engines)


Leave = Callable[[Path, Testbed], Path]
"""What a crash leaves of a file; returns the file that the next life opens."""


@dataclass
class Lives:
    """The relayer's port: at each fuse's point it dies, and another takes its place."""

    testbed: Testbed
    path: Path
    leave: Leave
    fuses: Iterator[Fuse]
    is_at_once: bool = False
    _outbox: Outbox = field(init=False)
    _relaying: Relaying = field(init=False)

    def __post_init__(self) -> None:
        self._begin()

    def step(self, now_s: int) -> Iterator[Event]:
        try:
            yield from self._relaying.step(now_s)
        except Killed:
            self._begin_again()
            if self.is_at_once:
                yield from self.step(now_s)

    def finish(self, now_s: int) -> Iterator[Event]:
        yield from self._relaying.finish(now_s)

    def close(self) -> None:
        try:
            self._relaying.close()
        except Killed:
            self._begin_again()
            self.close()

    def _begin_again(self) -> None:
        self._outbox.close()  # as the system does with the files of a dead process
        self.path = self.leave(self.path, self.testbed)
        self._begin()

    def _begin(self) -> None:
        fuse = next(self.fuses, Fuse())
        self._outbox = MortalOutbox(self.path, fuse)
        self._relaying = Relaying(
            mortal_world(self.testbed, fuse),
            self.testbed.deployment,
            self.testbed._desk,
            outboxes={RELAYER: self._outbox},
        )

    def bury(self) -> tuple[Entry, ...]:
        """What the outbox has in the end."""
        stored = self._outbox.entries()
        self._outbox.close()
        return stored


def seat(testbed: Testbed, lives: Lives) -> Lives:
    """Let a mortal relayer sit in a run."""
    testbed._seat.make = lambda _: lives
    testbed._seat.replace()
    return lives


# --- the paths that are cut ---------------------------------------------------------------------


def settling() -> Testbed:
    """Two legs that settle: a header and a proof in each direction."""
    return Testbed.from_scenario(scenario(PVP))


def aborting() -> Testbed:
    """Three legs, one of them never held: what is held is released by a proof of the abort."""
    legs = (
        leg("shanghai", "alice", "bob"),
        leg("london", "bob", "carol", "50.00"),
        leg("frankfurt", "carol", "alice", "5000.00"),
    )
    asked = trade(*legs, expect="aborted", prepare_by_s=5, decide_by_s=7)
    return Testbed.from_scenario(scenario(asked, chains=("shanghai", "london", "frankfurt")))


def announcing() -> Testbed:
    """The hub opens late, when the client trusts younger validators: holds are announced again."""
    people = {"alice": {"policy": "late", "delay_s": 6}}
    testbed = Testbed.from_scenario(scenario(PVP, PVP, people=people))
    keys = validator_keys(testbed.world.seed, "london", 5)[1:]
    engine = testbed.world.engines["london"]
    testbed._clock.at(2 * MS_PER_S, partial(engine.rotate_validators, keys))
    return testbed


def together() -> Testbed:
    """Trades of one moment, in batches both ways, behind an announcement of all of them."""
    people = ("alice", "bob", "carol", "dave")
    pairs = [(a, b) for a in people for b in people if a < b]
    swaps = [trade(leg("shanghai", a, b), leg("london", b, a, "50.00")) for a, b in pairs]
    return Testbed.from_scenario(scenario(*swaps))


PATHS: Mapping[str, Callable[[], Testbed]] = {
    "settling": settling,
    "together": together,
    "aborting": aborting,
    "announcing": announcing,
}
