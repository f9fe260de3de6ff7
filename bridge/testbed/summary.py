"""``summary.json``: the verdict of one run for a machine to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from bridge.errors import ExitCode
from bridge.journal import Journal
from bridge.readmodel import ReadModel

SCHEMA_VERSION: Final = 1
"""Raised by any change that an old reader would misread; keys are only ever added within one."""


class Part(BaseModel):
    """A piece of a summary: written once, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TradeCounts(Part):
    """Settled: committed and every leg delivered. Aborted: nothing held any more."""

    total: int
    settled: int
    aborted: int
    pending: int


class ExpectationCounts(Part):
    """Expectations of the scenario, conservation included."""

    met: int
    failed: int


class Violation(Part):
    """A safety rule that the auditor found broken; ``trade_id`` is empty for a whole chain."""

    name: str
    chain: str
    trade_id: str
    detail: str


class Head(Part):
    """The newest block of a chain."""

    height: int
    hash: str


class Summary(Part):
    """What a run came to. Only ``engine`` and ``wall_seconds`` may differ between two engines."""

    schema_version: Literal[1] = SCHEMA_VERSION
    scenario: str
    scenario_sha256: str
    seed: int
    engine: str
    protocol: str
    contract_code_hashes: Mapping[str, Mapping[str, str]]
    trades: TradeCounts
    expectations: ExpectationCounts
    violations: tuple[Violation, ...]
    gas_used: Mapping[str, int]
    gas_per_settled_trade: int | None
    blocks: Mapping[str, Head]
    journal_sha256: str
    virtual_seconds: float
    wall_seconds: float

    @classmethod
    def of(cls, model: ReadModel, journal: Journal, *, engine: str, wall_seconds: float) -> Summary:
        """Sum up a run that has started. Raises ValueError for one that has not."""
        if model.run is None:
            raise ValueError("summary: the run has not started")
        return cls(
            scenario=model.run.scenario,
            scenario_sha256=model.run.scenario_sha256,
            seed=model.run.seed,
            engine=engine,
            protocol=model.run.protocol,
            contract_code_hashes=_code_hashes(model),
            trades=TradeCounts(
                total=len(model.trades),
                settled=model.count("settled"),
                aborted=model.count("aborted"),
                pending=model.count("pending"),
            ),
            expectations=ExpectationCounts(
                met=sum(checked.met for checked in model.expectations),
                failed=sum(not checked.met for checked in model.expectations),
            ),
            violations=_violations(model),
            gas_used={name: model.gas.on(name).total for name in model.chains},
            gas_per_settled_trade=model.gas_per_settled_trade(),
            blocks={
                name: Head(height=chain.height, hash=f"0x{chain.hash.hex()}")
                for name, chain in model.chains.items()
            },
            journal_sha256=journal.sha256(),
            virtual_seconds=model.now_ms / 1000,
            wall_seconds=round(wall_seconds, 3),
        )

    def as_json(self) -> str:
        """The file's content."""
        return self.model_dump_json(indent=2) + "\n"


class Summaries(Part):
    """What several runs came to, in the order in which they were asked for."""

    schema_version: Literal[1] = SCHEMA_VERSION
    runs: tuple[Summary, ...]

    def as_json(self) -> str:
        """The file's content."""
        return self.model_dump_json(indent=2) + "\n"


def verdict(model: ReadModel) -> ExitCode:
    """What the run means for the shell: a frozen client outweighs a failed expectation."""
    if model.frozen_clients:
        return ExitCode.SAFETY_HALT
    is_good = (
        model.is_finished
        and not model.violations
        and all(checked.met for checked in model.expectations)
        and all(kept.is_conserved for kept in model.conservation())
        and not model.count("pending")
    )
    return ExitCode.OK if is_good else ExitCode.FAILED


def _code_hashes(model: ReadModel) -> dict[str, dict[str, str]]:
    hashes: dict[str, dict[str, str]] = {name: {} for name in model.chains}
    for contract in model.contracts:
        hashes.setdefault(contract.chain, {})[contract.name] = f"0x{contract.code_hash.hex()}"
    return hashes


def _violations(model: ReadModel) -> tuple[Violation, ...]:
    return tuple(
        Violation(
            name=found.name,
            chain=found.chain,
            trade_id=f"0x{found.trade_id.hex()}" if found.trade_id else "",
            detail=found.detail,
        )
        for found in model.violations
    )
