"""A packet flies as long as its transaction does, and has proven what that transaction proved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bridge.events import (
    Event,
    MemberSkipped,
    PacketRelayed,
    Purpose,
    TransactionFailed,
    TransactionIncluded,
    TransactionLost,
    TransactionSubmitted,
)
from gui.models.facts import LegFacts, RunFacts, TradeFacts
from gui.models.flights import Flights
from gui.models.plain import happening_of
from gui.models.scene import StepState, TradeScene
from gui.models.tape import Tape
from gui.models.trade_scene import trade_scene
from tests.support.shipped import ran

ONE, OTHER = b"\1" * 32, b"\2" * 32
FIRST, SECOND = b"\x0a" * 32, b"\x0b" * 32
RUN = RunFacts("told", "", 1, 0, ("shanghai", "london"), {}, {}, 1)
TRADE = TradeFacts(
    trade_id=ONE.hex(),
    label="T1",
    reference="T1",
    hub="shanghai",
    state="open",
    verdict="pending",
    outcome="",
    legs=(LegFacts("london", "tGBP", "bob", "alice", 1, "held"),),
    prepare_by_s=30,
    decide_by_s=40,
)


def sent(tx_hash: bytes, *trade_ids: bytes) -> Iterator[Event]:
    """A proof for Shanghai of what London says is on its way."""
    place = ("shanghai", tx_hash, "relayer", Purpose.PROVE)
    yield TransactionSubmitted(*place, trade_ids)
    yield PacketRelayed("london", "shanghai", 4, trade_ids, 1_456)


def included(tx_hash: bytes, *trade_ids: bytes, height: int = 6) -> Event:
    place = ("shanghai", tx_hash, "relayer", Purpose.PROVE)
    return TransactionIncluded(*place, height, 70_000, trade_ids)


def failed(tx_hash: bytes, *trade_ids: bytes) -> Event:
    place = ("shanghai", tx_hash, "relayer", Purpose.PROVE)
    return TransactionFailed(*place, 6, 70_000, "out of gas", trade_ids)


def lost(tx_hash: bytes, *trade_ids: bytes) -> Event:
    return TransactionLost("shanghai", tx_hash, "relayer", Purpose.PROVE, trade_ids)


def taped(*events: Event) -> Tape:
    tape = Tape()
    tape.take(happening_of(place, 0, event) for place, event in enumerate(events))
    return tape


def flights(*events: Event) -> Flights:
    return taped(*events).flights


def proven(seen: Flights, trade_id: bytes = ONE) -> bool:
    return seen.have_proven(trade_id.hex(), "london", "shanghai")


def scene(*events: Event) -> TradeScene:
    return trade_scene(RUN, taped(*events), TRADE, 0)


def test_a_flight_ends_with_its_own_transaction_and_not_with_another_like_it() -> None:
    twins = (*sent(FIRST, ONE), *sent(SECOND, ONE))
    one_left = flights(*twins, failed(SECOND, ONE))
    assert (len(one_left), one_left.delivered, proven(one_left)) == (1, 0, False)
    none_left = flights(*twins, failed(SECOND, ONE), included(FIRST, ONE))
    assert (len(none_left), none_left.delivered, proven(none_left)) == (0, 1, True)


def test_a_flight_that_is_lost_is_over_and_has_proven_nothing() -> None:
    seen = flights(*sent(FIRST, ONE), lost(FIRST, ONE))
    assert (len(seen), seen.delivered, proven(seen)) == (0, 0, False)


def test_a_lost_packet_that_is_sent_again_flies_once() -> None:
    again = flights(*sent(FIRST, ONE), lost(FIRST, ONE), *sent(FIRST, ONE))
    assert [flight.trade_ids for flight in again] == [(ONE.hex(),)]
    assert len(flights(*sent(FIRST, ONE), *sent(FIRST, ONE))) == 1


def test_a_batch_has_proven_all_but_what_it_has_skipped() -> None:
    skipped = MemberSkipped(ONE, "shanghai", 6, "hub: not open")
    seen = flights(*sent(FIRST, ONE, OTHER), included(FIRST, ONE, OTHER), skipped)
    assert (proven(seen, ONE), proven(seen, OTHER), seen.delivered) == (False, True, 1)


def test_what_a_batch_has_skipped_is_proven_by_the_proof_that_follows_alone() -> None:
    skipped = MemberSkipped(ONE, "shanghai", 6, "hub: not open")
    batch = (*sent(FIRST, ONE, OTHER), included(FIRST, ONE, OTHER), skipped)
    assert proven(flights(*batch, *sent(SECOND, ONE), included(SECOND, ONE, height=8)))


def test_a_later_batch_that_skips_a_trade_takes_nothing_back() -> None:
    skipped = MemberSkipped(ONE, "shanghai", 8, "hub: decided")
    late = (*sent(SECOND, ONE, OTHER), included(SECOND, ONE, OTHER, height=8), skipped)
    assert proven(flights(*sent(FIRST, ONE), included(FIRST, ONE), *late))


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((*sent(FIRST, ONE, OTHER),), StepState.IN_FLIGHT),
        ((*sent(FIRST, ONE, OTHER), included(FIRST, ONE, OTHER)), StepState.SETTLED),
        ((*sent(FIRST, ONE, OTHER), failed(FIRST, ONE, OTHER)), StepState.PENDING),
        ((*sent(FIRST, ONE, OTHER), lost(FIRST, ONE, OTHER)), StepState.PENDING),
        (
            (
                *sent(FIRST, ONE, OTHER),
                included(FIRST, ONE, OTHER),
                MemberSkipped(ONE, "shanghai", 6, "hub: not open"),
            ),
            StepState.PENDING,
        ),
    ],
    ids=["flying", "proven", "failed", "lost", "skipped"],
)
def test_a_leg_is_proven_when_its_hub_has_taken_the_proof(
    events: tuple[Event, ...], state: StepState
) -> None:
    (track,) = scene(*events).tracks
    assert track.steps[2] == ("Proven", state)


def proofs(*events: Event) -> list[tuple[str, StepState]]:
    messages = scene(*events).sequence.messages
    return [
        (message.text, message.state)
        for message in messages
        if (message.source, message.target) == ("relayer", "shanghai") and message.time
    ]


def test_the_diagram_shows_how_each_proof_has_ended() -> None:
    skipped = MemberSkipped(ONE, "shanghai", 6, "hub: not open")
    batch = (*sent(FIRST, ONE, OTHER), included(FIRST, ONE, OTHER), skipped)
    assert proofs(*batch, *sent(SECOND, ONE)) == [
        ("proves held", StepState.FAILED),
        ("proves held", StepState.IN_FLIGHT),
    ]
    assert proofs(*sent(FIRST, ONE), lost(FIRST, ONE), *sent(FIRST, ONE)) == [
        ("proves held: lost", StepState.FAILED),
        ("proves held", StepState.IN_FLIGHT),
    ]


def test_what_is_to_come_is_still_drafted_after_a_loss() -> None:
    texts = [
        message.text for message in scene(*sent(FIRST, ONE), lost(FIRST, ONE)).sequence.messages
    ]
    assert "commits" in texts


def test_no_packet_of_a_run_that_has_lost_calls_flies_on_at_its_end() -> None:
    journal = ran("finality_lag_reorg").journal
    seen = flights(*(entry.event for entry in journal))
    proofs_done = [
        entry.event
        for entry in journal
        if isinstance(entry.event, TransactionIncluded) and entry.event.purpose is Purpose.PROVE
    ]
    assert any(isinstance(entry.event, TransactionLost) for entry in journal)
    assert len(seen) == 0
    assert seen.delivered == len(proofs_done)
