"""The names that a scenario document declares, so that each use of one can be checked in place.

The index is read leniently from the raw document, before validation: a chain with a wrong
validator count is still a known chain, and a trade that uses it has no fault of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pydantic_core import PydanticCustomError

from bridge.amounts import CASH_MAX_MINOR, DECIMALS_MAX, SECURITY_MAX_MINOR, amount_minor
from bridge.currencies import MINOR_UNITS
from bridge.errors import LockstepError, ScenarioError, quoted

FAULT: Final = "lockstep"
"""The type of our own validation errors; ``fault_texts`` gets the error back from the context."""

UNKNOWN: Final = {
    "chain": "E-SCENARIO-UNKNOWN-CHAIN",
    "instrument": "E-SCENARIO-UNKNOWN-INSTRUMENT",
    "participant": "E-SCENARIO-UNKNOWN-PARTICIPANT",
    "trade": "E-SCENARIO-UNKNOWN-TRADE",
}


@dataclass(frozen=True, slots=True)
class InstrumentFacts:
    """What a use of an instrument is checked against; None where the document does not say."""

    chain: str | None
    minor_units: int | None
    maximum_minor: int
    holding_limit_minor: int | None
    is_security: bool


@dataclass(frozen=True, slots=True)
class Names:
    """Everything a scenario document declares."""

    chains: tuple[str, ...]
    chain_ids: Counter[int]
    instruments: Mapping[str, InstrumentFacts]
    twice: frozenset[str]
    participants: Mapping[str, tuple[str, ...]]
    references: Counter[str]
    leg_chains: Mapping[str, tuple[str, ...]]
    submitted_s: Mapping[str, int]
    leis: Counter[str]
    finality_lags: Mapping[str, int]
    validators: Mapping[str, int]
    rotations: Counter[tuple[str, int]]
    third_parties: Counter[str]
    positions: Counter[tuple[str, str]]


def fault(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """One fault in our words, for a pydantic validator to raise."""
    return retold(ScenarioError(code, message, hint=hint))


def retold(error: LockstepError) -> PydanticCustomError:
    """An error of ours in the form that pydantic gathers; its context keeps the error itself."""
    return PydanticCustomError(FAULT, "{error}", {"error": error})


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint: the nearest known word, or else what there is."""
    known = sorted(known)
    by_lower = {name.lower(): name for name in known}
    if near := get_close_matches(wanted := word[:64].lower(), by_lower):
        swapped = (name for name in near if sorted(name) == sorted(wanted))
        return f"did you mean {by_lower[next(swapped, near[0])]}?"
    more = f" and {len(known) - 8} more" if len(known) > 8 else ""
    return f"there is {', '.join(known[:8])}{more}" if known else "there is none"


def require_known(kind: str, word: str, known: Iterable[str]) -> None:
    """Raise a fault unless ``word`` is one of ``known``."""
    if word not in known:
        raise fault(UNKNOWN[kind], f"{quoted(word)} is no {kind} here", did_you_mean(word, known))


def names_in(document: Mapping[str, object]) -> Names:
    """Index a raw document; whatever is out of shape counts as absent."""
    chains, people = _tables(document.get("chains")), _tables(document.get("participants"))
    cash, securities = _tables(document.get("cash")), _tables(document.get("securities"))
    trades, positions = _rows(document.get("trades")), _rows(document.get("positions"))
    faults = _rows(document.get("faults"))
    return Names(
        chains=tuple(chains),
        chain_ids=Counter(
            chain_id
            for chain in chains.values()
            if isinstance(chain_id := chain.get("chain_id"), int)
        ),
        instruments={
            **{code: _security_facts(table) for code, table in securities.items()},
            **{code: _cash_facts(table) for code, table in cash.items()},
        },
        twice=frozenset(cash.keys() & securities.keys()),
        participants={
            name: tuple(_words(table.get("chains"))) or tuple(chains)
            for name, table in people.items()
        },
        references=Counter(_words(trade.get("uti") for trade in trades)),
        leg_chains={
            reference: tuple(dict.fromkeys(_words(leg.get("chain") for leg in _legs(trade))))
            for trade in trades
            if isinstance(reference := trade.get("uti"), str)
        },
        submitted_s={
            reference: _count(trade, "submit_at_s", 1)
            for trade in trades
            if isinstance(reference := trade.get("uti"), str)
        },
        leis=Counter(_words(table.get("lei") for table in people.values())),
        finality_lags={name: _count(chain, "finality_lag", 0) for name, chain in chains.items()},
        validators={name: _count(chain, "validators", 4) for name, chain in chains.items()},
        rotations=Counter(
            (str(row.get("chain")), _count(row, "at_s", -1))
            for row in faults
            if row.get("kind") == "rotation"
        ),
        third_parties=Counter(
            _words(row.get("participant") for row in faults if row.get("kind") == "third_party")
        ),
        positions=Counter(
            (str(row.get("participant")), str(row.get("instrument"))) for row in positions
        ),
    )


def _cash_facts(table: Mapping[str, object]) -> InstrumentFacts:
    currency = table.get("currency")
    by_iso = MINOR_UNITS.get(currency) if isinstance(currency, str) else None
    units = table.get("minor_units", by_iso)
    minor_units = _minor_units(units) if by_iso in (None, units) else None
    return InstrumentFacts(_chain(table), minor_units, CASH_MAX_MINOR, None, False)


def _security_facts(table: Mapping[str, object]) -> InstrumentFacts:
    minor_units = _minor_units(table.get("minor_units", 0))
    limit_minor = _limit(table.get("holding_limit"), minor_units or 0)
    return InstrumentFacts(_chain(table), minor_units, SECURITY_MAX_MINOR, limit_minor, True)


def _chain(table: Mapping[str, object]) -> str | None:
    chain = table.get("chain")
    return chain if isinstance(chain, str) else None


def _minor_units(units: object) -> int | None:
    return units if isinstance(units, int) and 0 <= units <= DECIMALS_MAX else None


def _count(table: Mapping[str, object], key: str, default: int) -> int:
    number = table.get(key, default)
    return number if isinstance(number, int) else default


def _legs(trade: Mapping[str, object]) -> list[Mapping[str, object]]:
    return _rows(trade.get("legs"))


def _limit(text: object, minor_units: int) -> int | None:
    try:
        return amount_minor(text, minor_units) if isinstance(text, str) else None
    except LockstepError:
        return None


def _tables(section: object) -> Mapping[str, Mapping[str, object]]:
    if not isinstance(section, dict):
        return {}
    return {key: value if isinstance(value, dict) else {} for key, value in section.items()}


def _rows(section: object) -> list[Mapping[str, object]]:
    return [row for row in section if isinstance(row, dict)] if isinstance(section, list) else []


def _words(values: object) -> list[str]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        return []
    return [value for value in values if isinstance(value, str)]
