"""An agent that is none of ours may say anything: what it says accuses nobody but itself."""

from __future__ import annotations

import pytest

from bridge.audit.facts import Announced, Taken, Verb
from bridge.audit.findings import Findings, Rule
from bridge.audit.trades import COMMITTED, HELD, REFUSED, Moment, TradeTracks
from bridge.audit.words import Leg, Terms

HUB, AGENT, TOKEN, SELLER, BUYER = (bytes([number]) * 20 for number in range(1, 6))
TRADE = b"\x07" * 32
HERE, THERE = 1, 2
TERMS = Terms(
    (
        Leg(HERE, HUB, TOKEN, SELLER, BUYER, 1),
        Leg(THERE, AGENT, TOKEN, BUYER, SELLER, 1),
    ),
    HERE,
    HUB,
    100,
    200,
    b"\x09" * 32,
)


def refused_after_the_commit(*, by_one_of_ours: bool) -> list[Rule]:
    book, findings = TradeTracks(), Findings("shanghai")

    def at(chain_id: int, emitter: bytes) -> Moment:
        return Moment(chain_id, emitter, 5, {HERE: 9, THERE: 9}, {}, findings)

    def announce(chain_id: int, emitter: bytes, status: int, *, is_ours: bool) -> None:
        fact = Announced(chain_id, ((TRADE, status),))
        book.announced(at(chain_id, emitter), fact, is_ours=is_ours)

    book.taken(at(HERE, HUB), Taken(TRADE, TERMS))
    announce(THERE, AGENT, HELD, is_ours=by_one_of_ours)
    announce(HERE, HUB, COMMITTED, is_ours=True)
    book.ended(at(HERE, HUB), TRADE, Verb.EXECUTED)
    announce(THERE, AGENT, REFUSED, is_ours=by_one_of_ours)
    return [found.name for found in findings.take()]


def test_an_impostor_s_refusal_after_a_commit_breaks_no_rule() -> None:
    assert refused_after_the_commit(by_one_of_ours=False) == []


def test_a_refusal_by_one_of_ours_after_a_commit_is_one_sided() -> None:
    assert refused_after_the_commit(by_one_of_ours=True) == [Rule.ONE_SIDED]


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_refusal_before_any_decision_breaks_no_rule(is_ours: bool) -> None:
    book, findings = TradeTracks(), Findings("london")
    at = Moment(THERE, AGENT, 5, {HERE: 9, THERE: 9}, {}, findings)
    book.announced(at, Announced(THERE, ((TRADE, REFUSED),)), is_ours=is_ours)
    assert findings.take() == ()
