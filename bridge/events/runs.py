"""How a run begins and ends: what it is about, and the verdicts on it."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.events.words import Kind, Wide


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """A chain of the run: what its proofs are bound to."""

    name: str
    chain_id: int
    genesis_hash: bytes


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The first event. ``epoch_s`` is the Unix time of virtual time zero."""

    scenario: str
    scenario_sha256: str
    seed: Wide
    protocol: str
    epoch_s: int
    chains: tuple[ChainFacts, ...]


@dataclass(frozen=True, slots=True)
class InstrumentListed:
    """An instrument of the run; ``identifier`` is its ISIN or its currency's ISO 4217 code."""

    instrument: str
    chain: str
    kind: Kind
    identifier: str
    minor_units: int


@dataclass(frozen=True, slots=True)
class FaultInjected:
    """What goes wrong on purpose; ``target`` is a chain, a participant or the relayer."""

    fault: str
    target: str
    detail: str


@dataclass(frozen=True, slots=True)
class InvariantViolated:
    """The auditor found something that must never be; an empty id means the whole chain."""

    name: str
    chain: str
    detail: str
    trade_id: bytes = b""


@dataclass(frozen=True, slots=True)
class ExpectationChecked:
    """``reference`` names a trade, or is empty for an expectation about the run."""

    reference: str
    expected: str
    actual: str
    met: bool


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event of a run that was not interrupted."""

    reason: str
