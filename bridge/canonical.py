"""Canonical JSON of records: keys sorted, no spaces, ASCII, by a writer made once for each type.

A record's fields say which keys there are, in which order and of which kind, so that nothing of it
has to be found out again for each value. The bytes are those of ``json.dumps`` with sorted keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import IntEnum, StrEnum
from functools import cache
from json.encoder import encode_basestring_ascii
from typing import Any, Final, TypeAlias, get_args, get_origin, get_type_hints

from bridge.events import Wide

LARGEST_EXACT_INTEGER: Final = 2**53 - 1
"""Beyond this many JSON readers round (RFC 8259, section 6), so such fields must be ``Wide``."""

_LEAST_EXACT_INTEGER: Final = -LARGEST_EXACT_INTEGER

Writer: TypeAlias = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Form:
    """How values of one type are written: a ``%s`` with what belongs around it, and what fills it.

    What stands around is joined once, into the template of the whole object.
    """

    shape: str
    text: Writer


@dataclass(frozen=True, slots=True)
class Member:
    """A key of an object, the attribute that has its value, and the value's form."""

    key: str
    attribute: str
    form: Form


def members_of(kind: type, prefix: str = "") -> tuple[Member, ...]:
    """A record's fields as members of an object. Raises ValueError for what is no record."""
    if not is_dataclass(kind):
        raise ValueError(f"journal: {kind.__name__} is not a record")
    hints = get_type_hints(kind, include_extras=True)
    return tuple(Member(f.name, prefix + f.name, _form(hints[f.name])) for f in fields(kind))


def object_writer(members: Iterable[Member], constants: Mapping[str, str]) -> Writer:
    """What writes any object of these members; the constants are texts.

    It is one f-string, compiled: nothing else puts so many short texts together as fast. Its code
    is made of the names of our own fields alone; what is written only ever passes through it.
    """
    names: dict[str, Writer | str] = {}
    written = {}
    for number, member in enumerate(members):
        names[f"text_{number}"] = member.form.text
        written[member.key] = member.form.shape % f"{{text_{number}(record.{member.attribute})}}"
    for number, (key, text) in enumerate(constants.items()):
        names[f"constant_{number}"] = encode_basestring_ascii(text)
        written[key] = f"{{constant_{number}}}"
    inside = ",".join(f'"{key}":{written[key]}' for key in sorted(written))
    write: Writer = eval("lambda record: f'{{" + inside + "}}'", names)
    return write


def whole_number(value: int) -> str:
    """A plain JSON number. Raises ValueError for one that a reader may round."""
    if _LEAST_EXACT_INTEGER <= value <= LARGEST_EXACT_INTEGER:
        return _digits(value)
    raise ValueError(f"journal: {value} does not fit a plain JSON number")


_digits: Final = int.__repr__  # refuses a float, and knows no word for a number

COUNTED: Final = Form("%s", repr)
"""What is counted from zero here, and never comes to the limit."""

_WHOLE: Final = Form("%s", whole_number)
_TEXT: Final = Form("%s", encode_basestring_ascii)
_BYTES: Final = Form('"0x%s"', bytes.hex)
_WIDE: Final = Form('"%s"', str)
_TRUTH: Final = Form("%s", lambda value: "true" if value else "false")
_NUMBERED_WORD: Final = Form('"%s"', lambda value: value.name.lower())


@cache
def _form(hint: Any) -> Form:
    if hint == Wide:
        return _WIDE
    if get_origin(hint) is tuple:
        return Form("[%s]", _items(_form(get_args(hint)[0])))
    plain = {int: _WHOLE, str: _TEXT, bytes: _BYTES, bool: _TRUTH}.get(hint)
    if plain is not None:
        return plain
    if issubclass(hint, StrEnum):
        return _TEXT
    if issubclass(hint, IntEnum):
        return _NUMBERED_WORD
    return Form("%s", object_writer(members_of(hint), {}))


def _items(each: Form) -> Writer:
    before, _, after = each.shape.partition("%s")
    between, text = f"{after},{before}", each.text
    return lambda values: f"{before}{between.join(map(text, values))}{after}" if values else ""
