"""The auditor forgets nothing that somebody may speak of again, and keeps it small."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.audit.clients import ENTRY_BYTES, Identity, SealedBlocks
from bridge.audit.facts import Announced, Delivered, Settled, Taken, Verb
from bridge.audit.findings import Concern, Findings, Rule
from bridge.audit.tracks import Track, fold, unfold
from bridge.audit.trades import ABORTED, COMMITTED, HELD, OPEN_MAX, REFUSED, Moment, TradeTracks
from bridge.audit.words import Leg, Terms

HUB, AGENT, TOKEN, SELLER, BUYER, STRANGER = (bytes([number]) * 20 for number in range(1, 7))
HERE, THERE = 1, 2
KEPT_BYTES = 1_000  # of one finished trade, with all that Python adds

Fact = Announced | Taken | Settled | Delivered


def trade_id(number: int) -> bytes:
    return number.to_bytes(32, "big")


def terms(number: int, amount: int = 1_000_000) -> Terms:
    legs = (
        Leg(HERE, HUB, TOKEN, SELLER, BUYER, amount),
        Leg(THERE, AGENT, TOKEN, BUYER, SELLER, amount),
    )
    return Terms(legs, HERE, HUB, 1_700_000_000, 1_700_000_600, trade_id(number))


def tell(book: TradeTracks, findings: Findings, chain_id: int, emitter: bytes, fact: Fact) -> None:
    at = Moment(chain_id, emitter, 5, {HERE: 9, THERE: 9}, {}, findings)
    match fact:
        case Announced():
            book.announced(at, fact, is_ours=emitter != STRANGER)
        case Taken():
            book.taken(at, fact)
        case Settled():
            book.settled(at, fact)
        case Delivered():
            book.delivered(at, fact)


def settle(book: TradeTracks, findings: Findings, number: int) -> None:
    """An honest trade from its opening to its end."""
    own = trade_id(number)
    for chain_id, emitter, fact in (
        (HERE, HUB, Taken(own, terms(number))),
        (THERE, AGENT, Taken(own, terms(number))),
        (THERE, AGENT, Announced(THERE, ((own, HELD),))),
        (HERE, HUB, Announced(HERE, ((own, COMMITTED),))),
        (HERE, HUB, Settled(own, Verb.EXECUTED, 0)),
        (THERE, AGENT, Settled(own, Verb.EXECUTED, 0)),
    ):
        tell(book, findings, chain_id, emitter, fact)


@pytest.fixture
def findings() -> Findings:
    return Findings("shanghai")


@pytest.fixture
def aged(findings: Findings) -> TradeTracks:
    """A book in which trade 1 was settled long ago."""
    book = TradeTracks(open_max=8)
    for number in range(1, 100):
        settle(book, findings, number)
    assert findings.take() == ()
    return book


def rules(findings: Findings) -> set[tuple[Rule, bytes]]:
    return {(found.name, found.trade_id) for found in findings.take()}


@pytest.mark.parametrize(
    ("rule", "chain_id", "emitter", "fact"),
    [
        (Rule.DECISION_UNIQUE, HERE, HUB, Announced(HERE, ((trade_id(1), ABORTED),))),
        (Rule.ONE_SIDED, THERE, AGENT, Announced(THERE, ((trade_id(1), REFUSED),))),
        (Rule.HELD_TWICE, THERE, AGENT, Taken(trade_id(1), terms(1))),
        (Rule.TERMS, THERE, AGENT, Taken(trade_id(1), terms(1, amount=2))),
        (Rule.DOUBLE_DELIVERY, THERE, AGENT, Settled(trade_id(1), Verb.EXECUTED, 0)),
        (Rule.ONE_SIDED, THERE, AGENT, Settled(trade_id(1), Verb.RELEASED, 0)),
        (Rule.RELEASE_WITHOUT_DECISION, HERE, HUB, Settled(trade_id(1), Verb.RELEASED, 0)),
        (Rule.DOUBLE_DELIVERY, THERE, AGENT, Delivered(trade_id(1), 1)),
    ],
    ids=[
        "decided otherwise",
        "refused",
        "held again",
        "held for other terms",
        "executed again",
        "released instead",
        "released by its hub",
        "delivered again",
    ],
)
def test_what_contradicts_a_trade_of_long_ago_is_found(
    aged: TradeTracks, findings: Findings, rule: Rule, chain_id: int, emitter: bytes, fact: Fact
) -> None:
    tell(aged, findings, chain_id, emitter, fact)
    assert (rule, trade_id(1)) in rules(findings)


def test_what_was_said_long_ago_may_be_said_again(aged: TradeTracks, findings: Findings) -> None:
    tell(aged, findings, HERE, HUB, Announced(HERE, ((trade_id(1), COMMITTED),)))
    tell(aged, findings, THERE, AGENT, Announced(THERE, ((trade_id(1), HELD),)))
    tell(aged, findings, HERE, STRANGER, Announced(HERE, ((trade_id(1), ABORTED),)))
    assert findings.take() == ()


def test_a_leg_left_behind_long_ago_is_delivered_once(findings: Findings) -> None:
    book = TradeTracks(open_max=1)
    settle(book, findings, 1)
    own = trade_id(200)
    tell(book, findings, THERE, AGENT, Taken(own, terms(200)))
    tell(book, findings, HERE, HUB, Taken(own, terms(200)))
    tell(book, findings, THERE, AGENT, Announced(THERE, ((own, HELD),)))
    tell(book, findings, HERE, HUB, Announced(HERE, ((own, COMMITTED),)))
    tell(book, findings, THERE, AGENT, Settled(own, Verb.EXECUTED, 0b10))
    settle(book, findings, 2)
    tell(book, findings, THERE, AGENT, Delivered(own, 1))
    assert findings.take() == ()
    settle(book, findings, 3)
    tell(book, findings, THERE, AGENT, Delivered(own, 1))
    assert rules(findings) == {(Rule.DOUBLE_DELIVERY, own)}


IDS = st.sampled_from([trade_id(number) for number in range(3)])
STATUSES = st.sampled_from([COMMITTED, ABORTED, HELD, REFUSED])
VERBS = st.sampled_from([Verb.EXECUTED, Verb.RELEASED])
FACTS = st.one_of(
    st.builds(Announced, st.just(HERE), st.lists(st.tuples(IDS, STATUSES), max_size=3).map(tuple)),
    st.builds(Taken, IDS, st.builds(terms, st.integers(0, 1), st.integers(1, 2))),
    st.builds(Settled, IDS, VERBS, st.integers(0, 3)),
    st.builds(Delivered, IDS, st.integers(0, 2)),
)
PLACES = st.sampled_from([(HERE, HUB), (THERE, AGENT), (HERE, STRANGER)])


@given(st.lists(st.tuples(PLACES, FACTS), max_size=24))
def test_a_book_that_folds_all_it_can_finds_the_same(
    story: Sequence[tuple[tuple[int, bytes], Fact]],
) -> None:
    found = []
    for open_max in (1, OPEN_MAX):
        book, findings = TradeTracks(open_max), Findings("shanghai")
        for (chain_id, emitter), fact in story:
            tell(book, findings, chain_id, emitter, fact)
        found.append(findings.take())
    assert found[0] == found[1]


NUMBERS, ADDRESSES = st.integers(0, 2**256 - 1), st.binary(min_size=20, max_size=20)
TABLES = st.dictionaries(NUMBERS, NUMBERS, max_size=3)
TRACKS = st.builds(
    Track,
    st.builds(
        Terms,
        st.lists(st.builds(Leg, NUMBERS, *[ADDRESSES] * 4, NUMBERS), max_size=8).map(tuple),
        NUMBERS,
        ADDRESSES,
        NUMBERS,
        NUMBERS,
        st.binary(min_size=32, max_size=32),
    ),
    st.dictionaries(st.tuples(NUMBERS, ADDRESSES), TABLES, max_size=3),
    st.lists(NUMBERS, max_size=3),
    st.dictionaries(NUMBERS, st.sampled_from(Verb), max_size=3),
    TABLES,
    st.lists(st.sampled_from(Verb), unique=True),
)


@given(TRACKS)
def test_folding_a_trade_loses_nothing(track: Track) -> None:
    assert unfold(fold(track)) == track


def test_an_empty_track_can_be_folded() -> None:
    assert unfold(fold(Track())) == Track()


def test_a_finished_trade_takes_little_memory(findings: Findings) -> None:
    book = TradeTracks(open_max=8)
    for number in range(100):
        settle(book, findings, number)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(100, 1_100):
            settle(book, findings, number)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / 1_000 < KEPT_BYTES


def test_a_sealed_block_is_remembered_in_64_bytes() -> None:
    blocks = SealedBlocks()
    shown = {height: Identity(bytes([height]) * 32, bytes([height + 1]) * 32) for height in (1, 2)}
    shown[0] = Identity(b"\x07" * 32, None)
    for height in sorted(shown):
        blocks.add(height, shown[height])
    assert ENTRY_BYTES == 64
    assert {height: blocks.at(height) for height in range(3)} == shown
    assert [blocks.at(height) for height in (-1, 3, 2**64)] == [None, None, None]


def test_a_block_that_was_never_shown_stays_unknown() -> None:
    blocks = SealedBlocks()
    known = Identity(b"\x05" * 32, b"\x06" * 32)
    blocks.add(4, known)
    assert [blocks.at(height) for height in range(6)] == [None, None, None, None, known, None]
    blocks.add(2, known._replace(receipts_root=None))
    assert blocks.at(2) == Identity(b"\x05" * 32, None)
    assert (blocks.at(3), blocks.at(4)) == (None, known)


def test_a_hash_of_another_size_moves_no_other_block() -> None:
    blocks = SealedBlocks()
    blocks.add(0, Identity(b"\x05", b"\x06" * 99))
    blocks.add(1, Identity(b"\x07" * 32, b"\x08" * 32))
    assert blocks.at(1) == Identity(b"\x07" * 32, b"\x08" * 32)


def test_an_attempt_that_is_made_again_and_again_alarms_once(findings: Findings) -> None:
    for height in range(3):
        findings.height = height
        findings.alarm(Concern.CONTRADICTION, "the opposite was shown", trade_id(1))
        findings.alarm(Concern.CONTRADICTION, "the opposite was shown", trade_id(2))
    assert [(alarm.trade_id, alarm.height) for alarm in findings.alarms] == [
        (trade_id(1), 0),
        (trade_id(2), 0),
    ]
