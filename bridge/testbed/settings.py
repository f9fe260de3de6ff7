"""``--set key=value``: one change to a scenario's document, checked with the rest of it.

A key is a path as faults name it: ``participants.fleet.policy``, ``trades[0].prepare_by_s``. A
value is what TOML would read; where the document has text, it is that text as it stands.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bridge.errors import UsageError, quoted
from bridge.testbed.names import did_you_mean

_STEP: Final = re.compile(r"(?:^|\.)([A-Za-z0-9_-]+)|\[(\d{1,6})\]")
HINT: Final = "for example participants.fleet.policy=silent or trades[0].decide_by_s=90"


@dataclass(frozen=True, slots=True)
class Setting:
    """A place in a document and what to put there."""

    key: str
    path: tuple[str | int, ...]
    text: str

    @classmethod
    def parse(cls, argument: str) -> Setting:
        """Read ``key=value``. Raises UsageError."""
        key, equals, text = argument.partition("=")
        steps = list(_STEP.finditer(key))
        if not equals or not steps or "".join(step[0] for step in steps) != key or key[0] in "[.":
            raise UsageError("E-USAGE-SET", f"--set {quoted(argument)} is no key=value", hint=HINT)
        path = tuple(int(step[2]) if step[2] else step[1] for step in steps)
        return cls(key, path, text)


def with_settings(
    document: Mapping[str, object], settings: Iterable[Setting]
) -> Mapping[str, object]:
    """The document with every setting made, in their order. Raises UsageError."""
    changed: dict[str, Any] = copy.deepcopy(dict(document))
    for setting in settings:
        _put(changed, setting)
    return changed


def _put(document: dict[str, Any], setting: Setting) -> None:
    place: Any = document
    for step in setting.path[:-1]:
        if isinstance(step, str) and isinstance(place, dict):
            _check_named(place, step, setting)
            place = place.setdefault(step, {})
        else:
            place = _item(place, step, setting)
    last = setting.path[-1]
    if isinstance(last, str) and isinstance(place, dict):
        place[last] = _value(setting.text, place.get(last))
    else:
        place[last] = _value(setting.text, _item(place, last, setting))


def _check_named(place: dict[str, Any], name: str, setting: Setting) -> None:
    """Among named tables, such as participants, a new name is a slip: one key makes none whole."""
    has_names = bool(place) and all(isinstance(table, dict) for table in place.values())
    if has_names and name not in place:
        message = f"--set {quoted(setting.key)}: the scenario has no {quoted(name)} there"
        raise UsageError("E-USAGE-SET-KEY", message, hint=did_you_mean(name, place))


def _item(place: Any, step: str | int, setting: Setting) -> Any:
    if isinstance(place, list) and isinstance(step, int) and step < len(place):
        return place[step]
    message = f"--set {quoted(setting.key)}: the scenario has no {quoted(str(step))} there"
    raise UsageError("E-USAGE-SET-KEY", message)


def _value(text: str, old: object) -> object:
    if isinstance(old, str) and not text.startswith(('"', "'")):
        return text
    try:
        read = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return text
    return read["value"] if len(read) == 1 else text
