"""The trades' verdicts are counted as they change, not by asking every trade."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bridge.events import (
    Event,
    LegDelivered,
    LegsExecuted,
    LegsHeld,
    LegsObjected,
    LegsRefused,
    LegsReleased,
    LegTerms,
    Outcome,
    Purpose,
    TradeDecided,
    TradeInstructed,
    TradeOpened,
    TransactionFailed,
    TransactionIncluded,
)
from bridge.principal import Moment, at_risk, principal
from bridge.trade_book import TradeBook
from bridge.trade_view import LegState, TradeState
from tests.support.told_runs import COMMITTED, HELD, INSTRUCTED, OPENED, TRADE, journal_of

IDS = [TRADE, b"\2" * 32, b"\3" * 32]
CHAINS = ("shanghai", "london")
LEGS = (
    LegTerms("shanghai", "BOND", "seller", "buyer", 50),
    LegTerms("london", "tGBP", "buyer", "seller", 10_000),
)
BEGUN = [TradeInstructed(f"T{i}", trade, "shanghai", LEGS, 60, 120) for i, trade in enumerate(IDS)]

ids, chains = st.sampled_from(IDS), st.sampled_from(CHAINS)
left = st.sampled_from([(), (0,), (1,)])
on_chain = st.one_of(
    st.builds(TradeOpened, ids, chains, st.just(1)),
    st.builds(LegsHeld, ids, chains, st.just(1)),
    st.builds(LegsObjected, ids, chains, st.just(1)),
    st.builds(LegsRefused, ids, chains, st.just(1)),
    st.builds(LegsExecuted, ids, chains, st.just(1), left),
    st.builds(LegsReleased, ids, chains, st.just(1), left),
    st.builds(LegDelivered, ids, chains, st.just(1), st.integers(0, 1)),
    st.builds(TradeDecided, ids, st.sampled_from(list(Outcome)), chains, st.just(1)),
)
sent = st.tuples(chains, st.sampled_from([Purpose.OBJECT, Purpose.REFUSE, Purpose.PROVE]), ids).map(
    lambda said: TransactionIncluded(said[0], b"", "relayer", said[1], 1, 2, (said[2],))
)
stories = st.lists(st.one_of(on_chain, sent), max_size=25)


def folded(events: list[Event]) -> TradeBook:
    book = TradeBook()
    for event in (*BEGUN, *events):
        book.apply(event, 0)
    return book


@given(stories)
def test_the_counts_are_those_of_asking_every_trade(events: list[Event]) -> None:
    book = folded(events)
    asked = Counter(trade.verdict for trade in book.trades.values())
    assert {name: book.count(name) for name in ("settled", "aborted", "pending")} == {
        name: asked[name] for name in ("settled", "aborted", "pending")
    }


@given(st.lists(on_chain, max_size=25))
def test_the_principal_at_the_end_is_the_sum_over_every_trade(events: list[Event]) -> None:
    trades = folded(events).trades.values()
    risks: Counter[str] = Counter()
    for trade in trades:
        risks.update(at_risk(trade))
    undecided = [trade for trade in trades if trade.outcome is None]
    expected = Moment(
        0,
        sum(any(s.state in (LegState.HELD, LegState.OBJECTED) for s in t.legs) for t in undecided),
        sum(trade.state is TradeState.COMMITTED for trade in trades),
        dict(risks),
    )
    last = principal(journal_of((*BEGUN, *events)))[-1]
    assert (last.trades, last.at_risk) == (expected.trades, expected.at_risk)


def test_a_fact_names_its_trade_and_anything_else_names_none() -> None:
    book = TradeBook()
    assert book.apply(OPENED, 0) == b"", "it was never instructed here"
    assert book.apply(INSTRUCTED, 0) == book.apply(HELD, 0) == TRADE
    failed = TransactionFailed("london", b"", "relayer", Purpose.PROVE, 1, 2, "why", (TRADE,))
    assert book.apply(failed, 0) == b""
    assert book.trades[TRADE].timeline[-1].detail == "why"


def test_a_trade_that_was_never_instructed_is_not_counted() -> None:
    book = TradeBook()
    book.apply(COMMITTED, 0)
    assert not any(book.count(name) for name in ("settled", "aborted", "pending"))


def test_a_trade_that_is_instructed_again_is_counted_once() -> None:
    book = TradeBook()
    for event in (INSTRUCTED, OPENED, COMMITTED, INSTRUCTED):
        book.apply(event, 0)
    assert (book.count("pending"), book.trades[TRADE].state) == (1, TradeState.INSTRUCTED)
