"""What should happen in a run: chains, instruments, participants, positions, trades, expectations.

A ``Scenario`` only comes out of ``from_document``, which checks every name against the rest of the
document, so whoever holds one need not look again. Amounts are whole minor units of their
instrument here; in a document they are decimal strings such as ``"2500000.00"``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from pydantic import Field

from bridge.amounts import DECIMALS_MAX, SEED_MAX
from bridge.testbed.fault_fields import AfterSubmission, KnownTrade, LegChain
from bridge.testbed.fault_terms import Fault, ThirdParty
from bridge.testbed.fields import (
    DecideBy,
    Delay,
    Holder,
    HoldingLimit,
    InstrumentCode,
    KnownChain,
    KnownInstrument,
    LegInstrument,
    LegReceiver,
    LegSender,
    OpeningAmount,
    PrepareBy,
    Reference,
    StartTime,
    TradedAmount,
    UniqueChainId,
)
from bridge.testbed.identifier_fields import Bic, Currency, Isin, Lei, MinorUnits
from bridge.testbed.names import names_in
from bridge.testbed.part import LongName, Name, Part, Text
from bridge.testbed.verdicts import Because, Expected

SCHEMA_VERSION: Final = 1
SETTLING_TIME_S: Final = 60
"""How long after the last deadline a run goes on, so that every leg can be executed or released."""

Policy: TypeAlias = Literal["prompt", "late", "refuses", "silent"]


class Chain(Part):
    """One chain, sealed by all its validators; its newest ``finality_lag`` blocks are not final."""

    chain_id: UniqueChainId
    validators: int = Field(default=4, ge=4, le=32)
    finality_lag: int = Field(default=0, ge=0, le=64)
    fees: Literal["zero", "eip1559"] = "zero"


class Cash(Part):
    """Tokenised money on one chain; ``minor_units`` is ISO 4217's exponent, 2 for CNY and GBP."""

    name: Text
    chain: KnownChain
    currency: Currency
    minor_units: MinorUnits = Field(default=None, validate_default=True)


class Security(Part):
    """A tokenised security on one chain, held only by verified accounts."""

    name: Text
    chain: KnownChain
    isin: Isin
    minor_units: int = Field(default=0, ge=0, le=DECIMALS_MAX)
    holding_limit: HoldingLimit | None = None


Instrument: TypeAlias = Cash | Security


class Participant(Part):
    """A party with its own keys; ``late`` acts ``delay_s`` seconds after it could."""

    name: Text
    lei: Lei | None = None
    bic: Bic | None = None
    policy: Policy = "prompt"
    delay_s: Delay = 0
    chains: tuple[KnownChain, ...] = Field(default=(), strict=False)


class Position(Part):
    """What a participant owns when the run starts."""

    instrument: KnownInstrument
    participant: Holder
    amount: OpeningAmount


class Leg(Part):
    """One movement of one instrument on one chain."""

    chain: KnownChain
    instrument: LegInstrument
    sender: LegSender = Field(alias="from")
    receiver: LegReceiver = Field(alias="to")
    amount: TradedAmount


class Trade(Part):
    """What the parties agree on; deadlines are seconds after submission at ``submit_at_s``.

    ``because`` is why an abort is expected: a cause or its ISO 20022 reason code.
    """

    reference: Reference = Field(alias="uti")
    hub: KnownChain
    submit_at_s: Delay = 1
    prepare_by_s: PrepareBy
    decide_by_s: DecideBy
    legs: tuple[Leg, ...] = Field(min_length=1, max_length=8, strict=False)
    expect: Expected
    because: Because | None = None


class Objection(Part):
    """The authority of a leg's token on ``chain`` objects, ``at_s`` seconds into the run."""

    trade: KnownTrade
    chain: LegChain
    at_s: AfterSubmission


class Cancellation(Part):
    """All parties that still act sign away the trade, ``at_s`` seconds into the run."""

    trade: KnownTrade
    at_s: AfterSubmission


class Scenario(Part):
    """A whole scenario. ``start`` is the moment of virtual time zero, ``seed`` the default seed.

    ``identifiers`` are illustrative unless the scenario says that they were issued: check digits
    are right either way. Without ``batching`` every trade has transactions of its own.
    """

    schema_version: Literal[1] = Field(alias="schema")
    name: LongName
    about: Text
    seed: int = Field(default=1, ge=0, le=SEED_MAX)
    start: StartTime
    identifiers: Literal["illustrative", "issued"] = "illustrative"
    batching: bool = True
    chains: dict[Name, Chain] = Field(min_length=1, max_length=8)
    cash: dict[InstrumentCode, Cash] = Field(default={})
    securities: dict[InstrumentCode, Security] = Field(default={})
    participants: dict[Name, Participant] = Field(min_length=1, max_length=1000)
    positions: tuple[Position, ...] = Field(default=(), max_length=10_000, strict=False)
    trades: tuple[Trade, ...] = Field(min_length=1, max_length=10_000, strict=False)
    objections: tuple[Objection, ...] = Field(default=(), max_length=1000, strict=False)
    cancellations: tuple[Cancellation, ...] = Field(default=(), max_length=1000, strict=False)
    faults: tuple[Fault, ...] = Field(default=(), max_length=100, strict=False)

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> Scenario:
        """Check a raw document as a whole. Raises pydantic's ValidationError with all faults."""
        return cls.model_validate(document, context=names_in(document))

    @property
    def instruments(self) -> dict[str, Instrument]:
        """All instruments by code, cash first."""
        return {**self.cash, **self.securities}

    @property
    def start_s(self) -> int:
        """Virtual time zero as a Unix timestamp in seconds."""
        return int(self.start.timestamp())

    @property
    def time_limit_s(self) -> int:
        """When a run ends at the latest, in virtual seconds."""
        last = max(trade.submit_at_s + trade.decide_by_s for trade in self.trades)
        return max(last, self.last_plan_s) + SETTLING_TIME_S

    @property
    def last_plan_s(self) -> int:
        """When the last fault, objection and cancellation have happened, in virtual seconds."""
        times = [objection.at_s for objection in self.objections]
        times += [cancellation.at_s for cancellation in self.cancellations]
        times += [fault.over_s for fault in self.faults]
        return max(times, default=0)

    @property
    def third_parties(self) -> frozenset[str]:
        """The participants that will relay too, each from its own account."""
        return frozenset(f.participant for f in self.faults if isinstance(f, ThirdParty))

    def chains_of(self, participant: str) -> tuple[str, ...]:
        """The chains on which a participant has an account: all, unless it says otherwise."""
        return self.participants[participant].chains or tuple(self.chains)

    def sha256(self) -> str:
        """The hash of what the scenario says, however its file is laid out.

        Without batching it is what it was before there was any, for runs that were recorded then.
        """
        content = self.model_dump(mode="json", by_alias=True)
        if not self.batching:
            del content["batching"]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
