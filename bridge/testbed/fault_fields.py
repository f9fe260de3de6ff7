"""The fields of faults, objections and cancellations: each is refused where it could not happen."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field, ValidationInfo

from bridge.errors import quoted
from bridge.testbed.fields import (
    DELAY_MAX_S,
    known_instrument,
    known_participant,
    names_of,
    on_instrument_chain,
)
from bridge.testbed.names import fault, require_known
from chains.consensus import quorum


def _security(code: str, info: ValidationInfo) -> str:
    if not names_of(info).instruments[known_instrument(code, info)].is_security:
        message = f"{quoted(code)} is cash, which cannot be frozen"
        raise fault("E-SCENARIO-FREEZE-CASH", message, "only accounts in securities can be")
    return code


def _other_participant(name: str, info: ValidationInfo) -> str:
    if known_participant(name, info) == info.data.get("participant"):
        raise fault("E-SCENARIO-SAME-PARTY", f"{quoted(name)} cannot administer itself")
    return name


def _relaying_once(name: str, info: ValidationInfo) -> str:
    if names_of(info).third_parties[known_participant(name, info)] > 1:
        message = f"{quoted(name)} becomes a third party twice"
        hint = "it relays until the run ends, and one account serves one relayer: leave one out"
        raise fault("E-SCENARIO-THIRD-PARTY-TWICE", message, hint)
    return name


def _unsealed(depth: int, info: ValidationInfo) -> int:
    chain = info.data.get("chain", "")
    lag = names_of(info).finality_lags.get(chain, depth)
    if depth > lag:
        message = f"{depth} blocks reach sealed ones: the finality lag of {chain} is {lag}"
        raise fault("E-SCENARIO-REORGANISATION", message, "sealed blocks are never replaced")
    return depth


def _below_quorum(replaced: int, info: ValidationInfo) -> int:
    chain = info.data.get("chain", "")
    size = names_of(info).validators.get(chain, 0)
    most = size - quorum(size)
    if names_of(info).rotations[chain, info.data.get("at_s", -1)] > 1:
        raise fault("E-SCENARIO-ROTATION", f"{chain} has two rotations in one second")
    if size and replaced > most:
        message = f"light clients follow a change of at most {most} of {size} validators"
        raise fault("E-SCENARIO-ROTATION", message, "a quorum of the old set seals the new one")
    return replaced


def _known_trade(reference: str, info: ValidationInfo) -> str:
    require_known("trade", reference, names_of(info).references)
    return reference


def _with_legs(chain: str, info: ValidationInfo) -> str:
    names, reference = names_of(info), info.data.get("trade", "")
    require_known("chain", chain, names.chains)
    legs = names.leg_chains.get(reference)
    if legs and chain not in legs:
        message = f"{reference} has no leg on {chain}, where an authority could object"
        raise fault("E-SCENARIO-OBJECTION-CHAIN", message, f"it has legs on {', '.join(legs)}")
    return chain


def _once_submitted(at_s: int, info: ValidationInfo) -> int:
    submitted_s = names_of(info).submitted_s.get(info.data.get("trade", ""), at_s)
    if at_s < submitted_s:
        raise fault("E-SCENARIO-TOO-EARLY", f"the trade is submitted at {submitted_s} s only")
    return at_s


Duration: TypeAlias = Annotated[int, Field(ge=1, le=DELAY_MAX_S)]
FreezableInstrument: TypeAlias = Annotated[str, AfterValidator(_security)]
HoldingParticipant: TypeAlias = Annotated[str, AfterValidator(on_instrument_chain)]
RelayingParticipant: TypeAlias = Annotated[str, AfterValidator(_relaying_once)]
Administrator: TypeAlias = Annotated[str, AfterValidator(_other_participant)]
UnsealedDepth: TypeAlias = Annotated[int, Field(ge=1, le=64), AfterValidator(_unsealed)]
ReplacedValidators: TypeAlias = Annotated[int, Field(ge=1, le=32), AfterValidator(_below_quorum)]
KnownTrade: TypeAlias = Annotated[str, AfterValidator(_known_trade)]
LegChain: TypeAlias = Annotated[str, AfterValidator(_with_legs)]
AfterSubmission: TypeAlias = Annotated[
    int, Field(ge=0, le=DELAY_MAX_S), AfterValidator(_once_submitted)
]
