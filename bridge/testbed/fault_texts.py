"""What a validation error means, in our own words: one sentence, a stable code, a hint."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bridge.errors import LockstepError, ScenarioError, quoted
from bridge.testbed import fault_terms
from bridge.testbed import scenario as parts
from bridge.testbed.fields import NAME_PATTERN
from bridge.testbed.identifier_fields import CURRENCY_PATTERN
from bridge.testbed.names import FAULT, did_you_mean
from bridge.testbed.part import LONG_NAME_PATTERN, TEXT_PATTERN

FAULT_TERMS: Final[Mapping[str, type[BaseModel]]] = {
    str(get_args(part.model_fields["kind"].annotation)[0]): part
    for union in get_args(get_args(fault_terms.Fault)[0])
    for part in (get_args(union) or (union,))
}
"""The faults that a scenario can have, by their kind."""

PART_OF: Final[Mapping[str, type[BaseModel]]] = {
    "chains": parts.Chain,
    "cash": parts.Cash,
    "securities": parts.Security,
    "participants": parts.Participant,
    "positions": parts.Position,
    "trades": parts.Trade,
    "legs": parts.Leg,
    "objections": parts.Objection,
    "cancellations": parts.Cancellation,
    **FAULT_TERMS,
}
"""Whose keys are known below a section."""

EXPECTED: Final[Mapping[str, str]] = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "bool_type": "true or false",
    "tuple_type": "a list in square brackets",
    "datetime_type": "a moment such as 2026-11-02T01:30:00Z",
}

WRITTEN_AS: Final[Mapping[str, str]] = {
    NAME_PATTERN: "a letter, then up to 31 letters, digits, - or _",
    LONG_NAME_PATTERN: "a letter, then up to 63 letters, digits, - or _",
    TEXT_PATTERN: "printable characters on one line",
    CURRENCY_PATTERN: "three capital letters of ISO 4217, such as CNY",
}


def told(detail: ErrorDetails) -> LockstepError:
    """The fault that one entry of a ``ValidationError`` stands for, without its place."""
    context, found = detail.get("ctx", {}), detail["input"]
    match detail["type"]:
        case kind if kind == FAULT:
            return _own(context)
        case "missing":
            return ScenarioError("E-SCENARIO-MISSING-KEY", "this key is missing")
        case "extra_forbidden":
            known = _known_keys(detail["loc"])
            hint = did_you_mean(str(detail["loc"][-1]), known)
            return ScenarioError("E-SCENARIO-UNKNOWN-KEY", "there is no such key", hint=hint)
        case kind if kind in EXPECTED:
            message = f"{_kind_of(found)} stands where {EXPECTED[kind]} belongs"
            return ScenarioError("E-SCENARIO-TYPE", message)
        case "literal_error":
            return _not_a_choice(found, str(context["expected"]))
        case "union_tag_not_found":
            return ScenarioError("E-SCENARIO-MISSING-KEY", "its kind is missing", hint=_kinds())
        case "union_tag_invalid":
            return _not_a_choice(context["tag"], ", ".join(sorted(FAULT_TERMS)))
        case "string_pattern_mismatch":
            hint = WRITTEN_AS[str(context["pattern"])]
            return ScenarioError("E-SCENARIO-FORM", f"{shown(found)} is not well-formed", hint=hint)
        case _:
            return ScenarioError("E-SCENARIO-RANGE", _out_of_bounds(detail["type"], found, context))


def place_of(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The path of keys and indices in the document, without the words that pydantic adds."""
    path = tuple(step for step in loc if step != "[key]")
    is_fault = len(path) > 2 and path[0] == "faults" and path[2] in FAULT_TERMS
    return path[:2] + path[3:] if is_fault else path


def shown(value: object) -> str:
    """A value of the document, safe for one line and never endless."""
    if isinstance(value, int) and abs(value) >= 10**40:
        return "a number of more than 40 digits"
    return quoted(value) if isinstance(value, str) else str(value)


def _own(context: Mapping[str, Any]) -> LockstepError:
    error = context["error"]
    if not isinstance(error, LockstepError):
        raise TypeError("a fault of ours carries a LockstepError")
    return error


def _not_a_choice(found: object, expected: str) -> ScenarioError:
    choices = [choice.strip("'") for choice in expected.replace(" or ", ", ").split(", ")]
    message = f"{shown(found)} is not one of {', '.join(choices)}"
    hint = did_you_mean(found, choices) if isinstance(found, str) else ""
    return ScenarioError("E-SCENARIO-CHOICE", message, hint=hint)


def _out_of_bounds(kind: str, found: object, context: Mapping[str, Any]) -> str:
    match kind:
        case "greater_than_equal":
            return f"{shown(found)} is below {context['ge']}"
        case "less_than_equal":
            return f"{shown(found)} is above {context['le']}"
        case "less_than":
            return f"{shown(found)} is not below {context['lt']}"
        case "string_too_long":
            return f"longer than {context['max_length']} characters"
        case "string_too_short" | "too_short":
            return "this is empty"
        case "too_long":
            return f"more than {context['max_length']} entries"
        case _:
            return f"{_kind_of(found)} of this form is not accepted here"


def _kinds() -> str:
    return "one of " + ", ".join(sorted(FAULT_TERMS))


def _known_keys(loc: tuple[int | str, ...]) -> list[str]:
    sections = [PART_OF[step] for step in loc[:-1] if isinstance(step, str) and step in PART_OF]
    part = sections[-1] if sections else parts.Scenario
    keys = [field.alias or name for name, field in part.model_fields.items()]
    return keys if sections else [*keys, "blotter"]


def _kind_of(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case int():
            return "a whole number"
        case float():
            return "a number with a point"
        case str():
            return "text"
        case list() | tuple():
            return "a list"
        case dict():
            return "a table"
        case datetime() | date() | time():
            return "a date or time"
        case _:
            return "something else"
