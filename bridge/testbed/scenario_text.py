"""A scenario as TOML again: what it says, without what goes without saying.

Trades that came from a blotter are spelt out, so the text stands alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import tomli_w
from pydantic_core import PydanticUndefined

from bridge.amounts import decimal_text
from bridge.testbed.atomic_file import AtomicFile
from bridge.testbed.part import Part
from bridge.testbed.scenario import Leg, Position, Scenario, Security


def save_scenario(scenario: Scenario, path: Path) -> None:
    """Write a scenario's file, whole or not at all. Raises EnvironmentFault."""
    with AtomicFile(path) as file:
        file.commit(scenario_text(scenario))


def scenario_text(scenario: Scenario) -> str:
    """The TOML that ``parse_scenario`` reads back into an equal scenario."""
    return tomli_w.dumps(document_of(scenario, scenario))


def document_of(part: Part, scenario: Scenario) -> dict[str, object]:
    """A piece as a document has it."""
    said: dict[str, object] = {}
    for name, key, default in _keys(type(part)):
        value = getattr(part, name)
        if default is PydanticUndefined or value != default:
            said[key] = _value(value, scenario)
    return {**said, **_amounts(part, scenario)}


@cache
def _keys(kind: type[Part]) -> tuple[tuple[str, str, object], ...]:
    """A piece's fields, the keys that a document has for them, and what goes without saying."""
    return tuple(
        (name, field.alias or name, field.get_default(call_default_factory=True))
        for name, field in kind.model_fields.items()
    )


def _value(value: object, scenario: Scenario) -> object:
    match value:
        case Part():
            return document_of(value, scenario)
        case tuple():
            return [_value(item, scenario) for item in value]
        case Mapping():
            return {key: _value(item, scenario) for key, item in value.items()}
        case _:
            return value


def _amounts(part: Part, scenario: Scenario) -> dict[str, object]:
    """Amounts as people write them, in whole units of their instrument."""
    match part:
        case Leg(instrument=code, amount=minor) | Position(instrument=code, amount=minor):
            return {"amount": decimal_text(minor, scenario.instruments[code].minor_units)}
        case Security(holding_limit=int(minor), minor_units=decimals):
            return {"holding_limit": decimal_text(minor, decimals)}
        case _:
            return {}
