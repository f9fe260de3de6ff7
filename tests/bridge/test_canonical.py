"""What is written of an event is what ``json.dumps`` would write of it, byte for byte."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from enum import IntEnum, StrEnum
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge import events
from bridge.canonical import LARGEST_EXACT_INTEGER, members_of, object_writer
from bridge.events import BlockSealed, FaultInjected, Wide
from bridge.journal import Entry, line_of
from bridge.model import UINT256_MAX

KINDS = get_args(events.Event)


def plainly(hint: Any, value: Any) -> Any:
    """A value as ``json.dumps`` takes it, by the type of its field."""
    if hint == Wide:
        return str(value)
    if get_origin(hint) is tuple:
        return [plainly(get_args(hint)[0], item) for item in value]
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return value if isinstance(value, str | int) else body_of(value)


def body_of(record: Any) -> dict[str, Any]:
    hints = get_type_hints(type(record), include_extras=True)
    return {f.name: plainly(hints[f.name], getattr(record, f.name)) for f in fields(record)}


def dumped(entry: Entry) -> bytes:
    body = body_of(entry.event)
    body |= {"event": type(entry.event).__name__, "at_ms": entry.at_ms, "sequence": entry.sequence}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return text.encode("ascii") + b"\n"


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    if hint == Wide:
        return st.integers(-UINT256_MAX, UINT256_MAX)
    if get_origin(hint) is tuple:
        return st.lists(values_of(get_args(hint)[0]), max_size=3).map(tuple)
    if hint is int:
        return st.integers(-LARGEST_EXACT_INTEGER, LARGEST_EXACT_INTEGER)
    if hint is str:
        return st.text()
    if hint is bytes:
        return st.binary(max_size=40)
    if hint is bool:
        return st.booleans()
    if issubclass(hint, StrEnum | IntEnum):
        return st.sampled_from(hint)
    return records_of(hint)


def records_of(kind: type) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind, include_extras=True)
    return st.builds(kind, **{f.name: values_of(hints[f.name]) for f in fields(kind)})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_event_is_written_as_json_dumps_writes_it(kind: type) -> None:
    @given(st.integers(0, LARGEST_EXACT_INTEGER), st.integers(0, 2**40), records_of(kind))
    def is_the_same(at_ms: int, sequence: int, event: events.Event) -> None:
        entry = Entry(sequence, at_ms, event)
        assert line_of(entry) == dumped(entry)

    is_the_same()


@pytest.mark.parametrize(
    "text", ['"\\/', "\0\x1f\x7f\n\t", "%s %d %%", "{}", "é", "交", "\U0001f600"]
)
def test_no_text_can_break_out_of_its_quotes(text: str) -> None:
    entry = Entry(0, 0, FaultInjected(text, text, text))
    assert line_of(entry) == dumped(entry)
    assert json.loads(line_of(entry))["detail"] == text


@pytest.mark.parametrize("height", [LARGEST_EXACT_INTEGER + 1, -LARGEST_EXACT_INTEGER - 1])
def test_a_number_that_a_reader_may_round_is_refused(height: int) -> None:
    with pytest.raises(ValueError, match="plain JSON number"):
        line_of(Entry(0, 0, BlockSealed("london", height)))


@pytest.mark.parametrize("event", [BlockSealed("london", 1.5), BlockSealed(b"london", 1)])  # type: ignore[arg-type]
def test_a_value_of_another_type_than_its_field_is_refused(event: BlockSealed) -> None:
    with pytest.raises(TypeError):
        line_of(Entry(0, 0, event))


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(ValueError, match="not a record"):
        line_of(Entry(0, 0, object()))  # type: ignore[arg-type]


def test_constants_stand_among_the_members_in_the_order_of_keys() -> None:
    @dataclass(frozen=True, slots=True)
    class Pair:
        a: int
        z: int

    write = object_writer(members_of(Pair), {"m": "50 %"})
    assert write(Pair(1, 2)) == '{"a":1,"m":"50 %","z":2}'
