"""The checked fields of a scenario: each is refused in place, with the fields before it in mind.

A validator sees the names that the document declares (``info.context``) and the fields of its own
part that came before and were good (``info.data``). A field that depends on a bad one is not
blamed for it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, ValidationInfo

from bridge import identifiers
from bridge.amounts import CASH_MAX_MINOR, DECIMALS_MAX, SECURITY_MAX_MINOR, amount_minor
from bridge.errors import LockstepError, quoted
from bridge.testbed.names import InstrumentFacts, Names, fault, require_known, retold

EARLIEST_S: Final = 946_684_800
LATEST_S: Final = 4_102_444_800
NAME_PATTERN: Final = r"^[A-Za-z][A-Za-z0-9_-]{0,31}$"
DELAY_MAX_S: Final = 86_400
"""A day: every second of virtual time is a block on every chain."""


def names_of(info: ValidationInfo) -> Names:
    """What the document declares. Raises a fault outside of ``Scenario.from_document``."""
    if not isinstance(info.context, Names):
        raise fault("E-SCENARIO-UNCHECKED", "a scenario is made by Scenario.from_document only")
    return info.context


def _facts(info: ValidationInfo) -> InstrumentFacts | None:
    return names_of(info).instruments.get(info.data.get("instrument", ""))


def _unique_chain_id(chain_id: int, info: ValidationInfo) -> int:
    if names_of(info).chain_ids[chain_id] > 1:
        raise fault("E-SCENARIO-CHAIN-ID-TWICE", "another chain has the same chain_id")
    return chain_id


def _known_chain(name: str, info: ValidationInfo) -> str:
    require_known("chain", name, names_of(info).chains)
    return name


def _of_one_kind(code: str, info: ValidationInfo) -> str:
    if code in names_of(info).twice:
        raise fault("E-SCENARIO-CODE-TWICE", f"{quoted(code)} is both cash and a security")
    return code


def known_instrument(code: str, info: ValidationInfo) -> str:
    """Raises a fault for an instrument that the document does not declare."""
    require_known("instrument", code, names_of(info).instruments)
    return code


def known_participant(name: str, info: ValidationInfo) -> str:
    """Raises a fault for a participant that the document does not declare."""
    require_known("participant", name, names_of(info).participants)
    return name


def _instrument_of_chain(code: str, info: ValidationInfo) -> str:
    names, chain = names_of(info), info.data.get("chain")
    issued_on = names.instruments[known_instrument(code, info)].chain
    if chain and issued_on in names.chains and issued_on != chain:
        message = f"{quoted(code)} is not on {chain}"
        raise fault("E-SCENARIO-INSTRUMENT-CHAIN", message, f"it is issued on {issued_on}")
    return code


def _on_leg_chain(name: str, info: ValidationInfo) -> str:
    return _present(known_participant(name, info), info.data.get("chain"), names_of(info))


def on_instrument_chain(name: str, info: ValidationInfo) -> str:
    """Raises a fault for a participant without an account where the instrument is issued."""
    facts = _facts(info)
    return _present(known_participant(name, info), facts.chain if facts else None, names_of(info))


def _present(name: str, chain: str | None, names: Names) -> str:
    accounts = names.participants[name]
    if chain in names.chains and chain not in accounts:
        message = f"{quoted(name)} has no account on {chain}"
        raise fault("E-SCENARIO-PARTICIPANT-CHAIN", message, f"it has one on {', '.join(accounts)}")
    return name


def _other_than_sender(name: str, info: ValidationInfo) -> str:
    if _on_leg_chain(name, info) == info.data.get("sender"):
        raise fault("E-SCENARIO-SAME-PARTY", f"{quoted(name)} is on both sides of the leg")
    return name


def _once_a_position(name: str, info: ValidationInfo) -> str:
    code = info.data.get("instrument", "")
    if names_of(info).positions[on_instrument_chain(name, info), code] > 1:
        raise fault(
            "E-SCENARIO-POSITION-TWICE", f"{quoted(name)} has two opening positions in {code}"
        )
    return name


def _unique_reference(reference: str, info: ValidationInfo) -> str:
    try:
        identifiers.uti(reference)
    except LockstepError as error:
        raise retold(error) from None
    if names_of(info).references[reference] > 1:
        raise fault("E-SCENARIO-REFERENCE-TWICE", f"{quoted(reference)} names two trades")
    return reference


def _after_preparing(decide_by_s: int, info: ValidationInfo) -> int:
    if decide_by_s < info.data.get("prepare_by_s", 0):
        hint = f"prepare_by_s is {info.data['prepare_by_s']}"
        raise fault("E-SCENARIO-DEADLINE-ORDER", "the decision is due before the preparation", hint)
    return decide_by_s


def _not_past(seconds: object) -> object:
    if isinstance(seconds, int) and seconds <= 0:
        hint = "deadlines are seconds after submission"
        raise fault(
            "E-SCENARIO-DEADLINE-PAST", "the deadline is past when the trade is submitted", hint
        )
    return seconds


def _whole_second(start: datetime) -> datetime:
    if start.tzinfo is None or start.microsecond:
        raise fault("E-SCENARIO-START", "not a whole second with an offset", "2026-11-02T01:30:00Z")
    if not EARLIEST_S <= start.timestamp() <= LATEST_S:
        raise fault("E-SCENARIO-START", "outside of the years 2000 to 2099", "2026-11-02T01:30:00Z")
    return start


def _traded_amount(value: object, info: ValidationInfo) -> int:
    facts = _facts(info)
    if facts is None or facts.minor_units is None:
        return _minor(value, DECIMALS_MAX, CASH_MAX_MINOR)
    return _minor(value, facts.minor_units, facts.maximum_minor)


def _opening_amount(value: object, info: ValidationInfo) -> int:
    amount, facts = _traded_amount(value, info), _facts(info)
    if facts and facts.holding_limit_minor is not None and amount > facts.holding_limit_minor:
        raise fault("E-SCENARIO-HOLDING-LIMIT", "above the instrument's holding_limit")
    return amount


def _limit(value: object, info: ValidationInfo) -> int:
    return _minor(value, info.data.get("minor_units", 0), SECURITY_MAX_MINOR)


def _minor(value: object, minor_units: int, maximum_minor: int) -> int:
    if not isinstance(value, str):
        raise fault(
            "E-SCENARIO-AMOUNT-TEXT", "an amount is written in quotes", 'for example "2500000.00"'
        )
    try:
        return amount_minor(value, minor_units, maximum_minor)
    except LockstepError as error:
        raise retold(error) from None


_AS_TEXT: Final = PlainSerializer(str, when_used="json")
_Seconds: TypeAlias = Annotated[int, Field(le=DELAY_MAX_S), BeforeValidator(_not_past)]

UniqueChainId: TypeAlias = Annotated[int, Field(ge=1, lt=2**53), AfterValidator(_unique_chain_id)]
KnownChain: TypeAlias = Annotated[str, AfterValidator(_known_chain)]
InstrumentCode: TypeAlias = Annotated[
    str, Field(pattern=NAME_PATTERN), AfterValidator(_of_one_kind)
]
KnownInstrument: TypeAlias = Annotated[str, AfterValidator(known_instrument)]
KnownParticipant: TypeAlias = Annotated[str, AfterValidator(known_participant)]
LegInstrument: TypeAlias = Annotated[str, AfterValidator(_instrument_of_chain)]
LegSender: TypeAlias = Annotated[str, AfterValidator(_on_leg_chain)]
LegReceiver: TypeAlias = Annotated[str, AfterValidator(_other_than_sender)]
Holder: TypeAlias = Annotated[str, AfterValidator(_once_a_position)]
Reference: TypeAlias = Annotated[str, AfterValidator(_unique_reference)]
StartTime: TypeAlias = Annotated[datetime, AfterValidator(_whole_second)]
PrepareBy: TypeAlias = _Seconds
DecideBy: TypeAlias = Annotated[_Seconds, AfterValidator(_after_preparing)]
Delay: TypeAlias = Annotated[int, Field(ge=0, le=DELAY_MAX_S)]
TradedAmount: TypeAlias = Annotated[int, BeforeValidator(_traded_amount), _AS_TEXT]
OpeningAmount: TypeAlias = Annotated[int, BeforeValidator(_opening_amount), _AS_TEXT]
HoldingLimit: TypeAlias = Annotated[int, BeforeValidator(_limit), _AS_TEXT]
