"""A batch does what the single forms do, and goes on past a member that fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.model import Status
from tests.support.people import ALICE, BOB, EVE, account, caller
from tests.support.refusals import WITHOUT_REASON, refused
from tests.support.settlement_batches import held_and_open, skipped, small_trades
from tests.support.settlement_calls import batch_arguments, proven_member, signed_member
from tests.support.settlement_chain import CASH, UNITS, balance, held
from tests.support.settlement_world import LONDON, SHANGHAI, World


@pytest.mark.parametrize("count", [1, 2, 32])
def test_a_batch_settles_all_of_its_trades(world: World, count: int) -> None:
    trades, packet = held_and_open(world, count)
    assert skipped(world.prove_batch(packet, *trades, on=SHANGHAI)) == []
    decisions = world.announced(SHANGHAI, *trades)
    assert skipped(world.prove_batch(decisions, *trades, on=LONDON)) == []
    for trade in trades:
        assert world.status(trade, SHANGHAI) is Status.COMMITTED
        assert world.status(trade, LONDON) is Status.EXECUTED
    assert balance(world[SHANGHAI].security, BOB) == UNITS + count
    assert balance(world[LONDON].cash, ALICE) == CASH + 10 * count


def test_more_than_32_members_are_refused(world: World) -> None:
    trades = small_trades(world, 33)
    with refused(WITHOUT_REASON):
        world.open_batch(*trades)
    with refused(WITHOUT_REASON):
        world.hold_batch(*trades)
    assert world.status(trades[0], SHANGHAI) is Status.NONE


def test_an_empty_batch_does_nothing(world: World) -> None:
    assert world.open_batch().logs == world.hold_batch().logs == ()


def test_a_member_that_cannot_be_opened_is_skipped_with_its_id_and_reason(world: World) -> None:
    short, good, known = world.dvp(units=UNITS + 1), world.dvp(), world.dvp()
    world.open(known)
    reasons = skipped(world.open_batch(short, good, known))
    assert reasons == [
        (world.id_of(short), "legs: token declined the hold"),
        (world.id_of(known), "hub: already known"),
    ]
    assert world.status(short, SHANGHAI) is Status.NONE
    assert world.status(good, SHANGHAI) is Status.OPEN
    assert held(world[SHANGHAI].security, ALICE) == 20


def test_a_skipped_member_has_not_used_its_reference(world: World) -> None:
    short = world.dvp(units=UNITS + 1)
    world.open_batch(short)
    uti = world[SHANGHAI].settlement.call("reference_used", account(ALICE), short.uti)
    assert uti is False


def test_a_member_that_cannot_be_held_is_skipped_with_its_id_and_reason(world: World) -> None:
    short, good, known = world.dvp(price=CASH + 1), world.dvp(), world.dvp()
    world.hold(known)
    assert skipped(world.hold_batch(short, good, known)) == [
        (world.id_of(short), "legs: token declined the hold"),
        (world.id_of(known), "legs: already known"),
    ]
    assert world.status(good, LONDON) is Status.HELD
    assert held(world[LONDON].cash, BOB) == 1_000


def test_a_member_signed_by_others_is_skipped(world: World) -> None:
    unsigned, good = world.dvp(), world.dvp()
    members = [signed_member(unsigned, world.signed(good)), signed_member(good, world.signed(good))]
    outcome = world[SHANGHAI].settlement.transact("open_batch", members, sender=caller(EVE))
    assert skipped(outcome) == [(world.id_of(unsigned), "terms: not signed by a party")]
    assert world.status(good, SHANGHAI) is Status.OPEN


def test_a_trade_named_twice_in_a_batch_is_opened_once(world: World) -> None:
    trade = world.dvp()
    assert skipped(world.open_batch(trade, trade)) == [(world.id_of(trade), "hub: already known")]
    assert held(world[SHANGHAI].security, ALICE) == 10


def test_a_member_that_cannot_be_proven_is_skipped_with_its_id_and_reason(world: World) -> None:
    trades, packet = held_and_open(world, 3)
    world.abort(trades[1])
    assert skipped(world.prove_batch(packet, *trades, on=SHANGHAI)) == [
        (world.id_of(trades[1]), "hub: already decided")
    ]
    assert [world.status(trade, SHANGHAI) for trade in trades] == [
        Status.COMMITTED,
        Status.ABORTED,
        Status.COMMITTED,
    ]


def test_a_mask_leaves_trades_out(world: World) -> None:
    trades, packet = held_and_open(world, 3)
    world.prove_batch(packet, trades[0], trades[2], on=SHANGHAI)
    assert [world.status(trade, SHANGHAI) for trade in trades] == [
        Status.COMMITTED,
        Status.OPEN,
        Status.COMMITTED,
    ]
    world.prove_batch(packet, trades[1], on=SHANGHAI)
    assert world.status(trades[1], SHANGHAI) is Status.COMMITTED


@pytest.mark.parametrize("mask", [0, 0b01, 0b111, 0b10 << 250])
def test_a_mask_that_does_not_fit_the_members_is_refused(world: World, mask: int) -> None:
    trades, packet = held_and_open(world, 3)
    by_id = {world.id_of(trade): trade for trade in trades[:2]}
    source, ids, statuses, _, members, proof = batch_arguments(packet, by_id)
    with refused("settlement: uneven batch"):
        world[SHANGHAI].settlement.transact(
            "prove_batch", source, ids, statuses, mask, members, proof
        )
    assert world.status(trades[0], SHANGHAI) is Status.OPEN


def test_bits_past_the_ids_name_nothing(world: World) -> None:
    trades, packet = held_and_open(world, 2)
    by_id = {world.id_of(trade): trade for trade in trades}
    source, ids, statuses, mask, members, proof = batch_arguments(packet, by_id)
    hub = world[SHANGHAI].settlement
    hub.transact("prove_batch", source, ids, statuses, mask | 1 << 9, members, proof)
    assert world.status(trades[1], SHANGHAI) is Status.COMMITTED


def test_terms_under_another_trades_id_are_skipped(world: World) -> None:
    trades, packet = held_and_open(world, 2)
    members = [proven_member(trade) for trade in trades[::-1]]
    outcome = world[SHANGHAI].settlement.transact(
        "prove_batch",
        packet.source.as_tuple(),
        packet.ids,
        packet.statuses,
        0b11,
        members,
        packet.proof,
    )
    assert [reason for _, reason in skipped(outcome)] == ["settlement: trade not named"] * 2
    assert {world.status(trade, SHANGHAI) for trade in trades} == {Status.OPEN}


def test_a_batch_whose_proof_is_false_is_refused_whole(world: World) -> None:
    trades, packet = held_and_open(world, 2)
    lie = replace(packet, statuses=(Status.HELD, Status.REFUSED))
    with refused("settlement: not what was said"):
        world.prove_batch(lie, *trades, on=SHANGHAI)
    world.prove_batch(packet, *trades, on=SHANGHAI)


def test_a_batch_proven_again_is_a_repetition_for_each_trade(world: World) -> None:
    trades, packet = held_and_open(world, 2)
    world.prove_batch(packet, *trades, on=SHANGHAI)
    again = world.prove_batch(packet, *trades, on=SHANGHAI)
    assert [(event.name, event.fields["trade_id"]) for event in again.events] == [
        ("Duplicate", world.id_of(trade)) for trade in trades
    ]


def test_one_announcement_may_name_facts_of_many_kinds(world: World) -> None:
    trades, _ = held_and_open(world, 3)
    agent = world[LONDON].settlement
    agent.transact("object", trades[1].as_tuple(), sender=caller("authority"))
    refuses = world.dvp()
    world.open(refuses)
    agent.transact("refuse", refuses.as_tuple(), sender=caller(BOB))
    packet = world.announced(LONDON, *trades, refuses)
    assert skipped(world.prove_batch(packet, *trades, refuses, on=SHANGHAI)) == []
    assert [world.status(trade, SHANGHAI) for trade in (*trades, refuses)] == [
        Status.COMMITTED,
        Status.ABORTED,
        Status.COMMITTED,
        Status.ABORTED,
    ]
