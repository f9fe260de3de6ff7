"""Identifiers and currencies in a scenario: check digits and ISO tables, refused in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from bridge import identifiers
from bridge.amounts import DECIMALS_MAX
from bridge.currencies import MINOR_UNITS
from bridge.errors import LockstepError
from bridge.testbed.fields import names_of
from bridge.testbed.names import did_you_mean, fault, retold

CURRENCY_PATTERN: Final = r"^[A-Z]{3}$"


def _checked(check: Callable[[str], str], text: str) -> str:
    try:
        return check(text)
    except LockstepError as error:
        raise retold(error) from None


def _isin(text: str) -> str:
    return _checked(identifiers.isin, text)


def _lei(text: str, info: ValidationInfo) -> str:
    if names_of(info).leis[_checked(identifiers.lei, text)] > 1:
        raise fault("E-SCENARIO-LEI-TWICE", f"two participants have the LEI {text}")
    return text


def _bic(text: str) -> str:
    return _checked(identifiers.bic, text)


def _currency(code: str) -> str:
    if code not in MINOR_UNITS:
        message = f"{code} is no currency of ISO 4217"
        raise fault("E-SCENARIO-UNKNOWN-CURRENCY", message, did_you_mean(code, MINOR_UNITS))
    return code


def _iso_minor_units(given: object, info: ValidationInfo) -> object:
    """What ISO 4217 says when nothing is given; without a good currency, whatever is given."""
    known = MINOR_UNITS.get(info.data.get("currency", ""), 0)
    return known if given is None else given


def _as_iso_says(given: int, info: ValidationInfo) -> int:
    currency = info.data.get("currency", "")
    known = MINOR_UNITS.get(currency, given)
    if given != known:
        hint = "leave the key out"
        message = f"{currency} has {known} decimals in ISO 4217, not {given}"
        raise fault("E-SCENARIO-MINOR-UNITS", message, hint)
    return given


Isin: TypeAlias = Annotated[str, AfterValidator(_isin)]
Lei: TypeAlias = Annotated[str, AfterValidator(_lei)]
Bic: TypeAlias = Annotated[str, AfterValidator(_bic)]
Currency: TypeAlias = Annotated[str, Field(pattern=CURRENCY_PATTERN), AfterValidator(_currency)]
MinorUnits: TypeAlias = Annotated[
    int,
    Field(ge=0, le=DECIMALS_MAX),
    BeforeValidator(_iso_minor_units),
    AfterValidator(_as_iso_says),
]
