"""The journal: append-only, canonical, and hashed as it grows."""

import hashlib
import json
from dataclasses import fields
from typing import get_args, get_type_hints

import pytest

from bridge import events
from bridge.canonical import LARGEST_EXACT_INTEGER
from bridge.events import BlockProduced, Purpose, RunFinished
from bridge.journal import Journal
from tests.support.told_runs import COMMITTED, INSTRUCTED, STARTED, TRADE, included, journal_of

KINDS = get_args(events.Event)


def lines_of(*told: events.Event) -> list[dict[str, object]]:
    return [json.loads(line) for line in list(journal_of(told).lines())[1:]]


def test_a_line_is_canonical_json() -> None:
    journal = journal_of([COMMITTED])
    header, line = journal.lines()
    assert header == b'{"journal":"lockstep","schema":1}\n'
    assert line == (
        b'{"at_ms":0,"chain":"shanghai","event":"TradeDecided","height":5,'
        b'"outcome":"committed","sequence":0,"trade_id":"0x' + TRADE.hex().encode() + b'"}\n'
    )


def test_the_hash_is_that_of_the_written_form() -> None:
    journal = journal_of([STARTED, INSTRUCTED, COMMITTED])
    assert journal.sha256() == hashlib.sha256(b"".join(journal.lines())).hexdigest()


def test_the_hash_changes_with_order_time_and_every_field() -> None:
    told = {
        journal_of(run).sha256()
        for run in (
            [],
            [RunFinished("a")],
            [RunFinished("b")],
            [RunFinished("a"), RunFinished("b")],
            [RunFinished("b"), RunFinished("a")],
        )
    }
    later = Journal()
    later.append(1, RunFinished("a"))
    assert len(told | {later.sha256()}) == 6


def test_an_amount_beyond_2_to_the_53_is_written_as_text() -> None:
    assert lines_of(STARTED)[0]["seed"] == "18446744073709551615"


def test_a_plain_number_beyond_2_to_the_53_is_refused() -> None:
    journal = Journal()
    block = BlockProduced("london", LARGEST_EXACT_INTEGER + 1, b"", 0, 0, 0)
    with pytest.raises(ValueError, match="plain JSON number"):
        journal.append(0, block)
    assert len(journal) == 0, "a refused event leaves nothing behind"
    assert journal.sha256() == Journal().sha256()


def test_a_written_line_is_taken_only_where_it_would_be_written_the_same() -> None:
    journal, (_, first, second) = Journal(), journal_of([STARTED, COMMITTED]).lines()
    with pytest.raises(ValueError, match="written otherwise"):
        journal.append(100, COMMITTED, second)
    assert len(journal) == 0, "a refused line leaves nothing behind"
    journal.append(0, STARTED, first)
    journal.append(100, COMMITTED, second)
    assert journal.sha256() == journal_of([STARTED, COMMITTED]).sha256()


def test_time_may_stand_still_but_not_run_backwards() -> None:
    journal = Journal()
    journal.append(5, RunFinished("a"))
    journal.append(5, RunFinished("b"))
    with pytest.raises(ValueError, match="before"):
        journal.append(4, RunFinished("c"))


def test_a_reader_gets_each_entry_once() -> None:
    journal = journal_of([STARTED, INSTRUCTED, COMMITTED])
    page = journal.since(1)
    assert [entry.sequence for entry in page] == [1, 2]
    assert not journal.since(3)


def test_nested_terms_are_written_in_full() -> None:
    legs = lines_of(INSTRUCTED)[0]["legs"]
    assert isinstance(legs, list)
    assert legs[1] == {
        "amount": "10000",
        "chain": "london",
        "instrument": "tGBP",
        "receiver": "seller",
        "sender": "buyer",
    }


def test_a_purpose_is_written_as_its_word() -> None:
    assert lines_of(included(Purpose.UPDATE_CLIENT, 1))[0]["purpose"] == "update client"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_event_can_hold_what_differs_between_runs(kind: type) -> None:
    """Only texts, ids, whole numbers and truths: no float, no object, nothing of the machine."""
    banned = {"engine", "wall_seconds", "path", "gas_estimate", "host", "pid"}
    assert not banned & {field.name for field in fields(kind)}
    assert float not in get_type_hints(kind).values()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_event_says_what_it_means(kind: type) -> None:
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}(")
