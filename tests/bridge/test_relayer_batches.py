"""What has news at one moment is carried together; what is alone, late or has failed goes alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bridge.batches import BATCH_GAS_MAX, gas_of, in_batches
from bridge.contract_logs import Held, Opened
from bridge.model import BATCH_MAX, Status, Trade, TradeId
from bridge.relay_batches import PATIENCE_S, TOGETHER_MARGIN_S, TOGETHER_MIN, WAIT_MAX_S
from bridge.relay_view import Announce, Effect, Ended, Prove, UpdateClient
from bridge.relayer import Relayer
from tests.bridge.test_relayer import said_by
from tests.support.relayed_chains import (
    DECIDE_BY_S,
    HUB,
    LEG,
    NOW_S,
    THIRD,
    FakeChain,
    look,
    trade_over,
)

TRADE = trade_over(HUB, LEG)
WIDE = trade_over(*[HUB, LEG] * 4)


@pytest.fixture
def hub() -> FakeChain:
    return FakeChain(HUB)


@pytest.fixture
def leg() -> FakeChain:
    return FakeChain(LEG)


@pytest.fixture
def relayer() -> Relayer:
    return Relayer()


def ids(count: int) -> list[TradeId]:
    return [TradeId(number.to_bytes(32, "big")) for number in range(1, count + 1)]


def opened(hub: FakeChain, trade_ids: list[TradeId], trade: Trade = TRADE) -> None:
    hub.block(*(Opened(trade_id, trade) for trade_id in trade_ids))


def held(leg: FakeChain, trade_ids: list[TradeId], trade: Trade = TRADE) -> int:
    """All of them in one block, each in a transaction and a log of its own."""
    logs = [log for i in trade_ids for log in (Held(i, trade), leg.say(Status.HELD, i))]
    return leg.block(*logs)


def proofs(effects: tuple[Effect, ...]) -> list[tuple[TradeId, ...]]:
    return [tuple(m.trade_id for m in e.members) for e in effects if isinstance(e, Prove)]


def announced(effects: tuple[Effect, ...]) -> list[tuple[TradeId, ...]]:
    return [e.trade_ids for e in effects if isinstance(e, Announce)]


# --- alone or together --------------------------------------------------------------------------


@pytest.mark.parametrize("count", range(1, TOGETHER_MIN))
def test_few_trades_are_proven_at_once_one_by_one(
    relayer: Relayer, hub: FakeChain, leg: FakeChain, count: int
) -> None:
    opened(hub, ids(count))
    held(leg, ids(count))
    effects = relayer.step(look(hub, leg))
    assert proofs(effects) == [(trade_id,) for trade_id in ids(count)]
    assert announced(effects) == []


def test_many_trades_of_one_block_are_announced_in_one_log_and_proven_by_one_proof(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    many = ids(TOGETHER_MIN)
    opened(hub, many)
    held(leg, many)
    asked = relayer.step(look(hub, leg))
    assert asked == (Announce(LEG, tuple(many)),)
    height = leg.block(leg.say(Status.HELD, *many))
    effects = relayer.step(look(hub, leg))
    assert [type(effect) for effect in effects] == [UpdateClient, Prove, Announce]
    assert proofs(effects) == [tuple(many)]
    assert isinstance(effects[0], UpdateClient)
    assert effects[0].header.height == height


def test_nothing_is_sent_while_the_common_log_is_on_its_way(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    many = ids(TOGETHER_MIN)
    opened(hub, many)
    held(leg, many)
    relayer.step(look(hub, leg))
    hub.block(*(hub.say(Status.OPEN, trade_id) for trade_id in many))
    assert relayer.step(look(hub, leg)) == ()


def test_a_log_that_somebody_else_has_asked_for_serves_as_well(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    many = ids(TOGETHER_MIN)
    opened(hub, many)
    logs = [log for i in many for log in (Held(i, TRADE), leg.say(Status.HELD, i))]
    leg.block(*logs, leg.say(Status.HELD, *many))
    assert proofs(relayer.step(look(hub, leg))) == [tuple(many)]


def test_a_hub_is_asked_for_its_decisions_right_behind_a_batch_of_proofs(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    some = ids(3)
    opened(hub, some)
    leg.block(*(Held(i, TRADE) for i in some), leg.say(Status.HELD, *some))
    effects = relayer.step(look(hub, leg))
    assert effects[-1] == Announce(HUB, tuple(some))
    decided = [hub.say(Status.COMMITTED, trade_id) for trade_id in some]
    hub.block(*decided, hub.say(Status.COMMITTED, *some))
    assert proofs(relayer.step(look(hub, leg))) == [tuple(some)]


def test_a_hub_that_waits_for_another_chain_is_not_asked_yet(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    third, trade = FakeChain(THIRD), trade_over(HUB, LEG, THIRD)
    some = ids(3)
    opened(hub, some, trade)
    leg.block(*(Held(i, trade) for i in some), leg.say(Status.HELD, *some))
    effects = relayer.step(look(hub, leg, third))
    assert proofs(effects) == [tuple(some)]
    assert announced(effects) == []


def test_a_hub_is_asked_once_behind_the_proofs_of_the_last_of_several_chains(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    third, trade = FakeChain(THIRD), trade_over(HUB, LEG, THIRD)
    some = ids(3)
    opened(hub, some, trade)
    for chain in (leg, third):
        chain.block(*(Held(i, trade) for i in some), chain.say(Status.HELD, *some))
    effects = relayer.step(look(hub, leg, third))
    assert proofs(effects) == [tuple(some), tuple(some)]
    assert announced(effects) == [tuple(some)]
    assert effects[-1] == Announce(HUB, tuple(some))


def test_a_hold_that_is_nearly_late_is_not_made_to_wait(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    many = ids(TOGETHER_MIN)
    opened(hub, many)
    held(leg, many)
    late = look(hub, leg, now_s=DECIDE_BY_S - TOGETHER_MARGIN_S + 1)
    assert proofs(relayer.step(late)) == [(trade_id,) for trade_id in many]


def test_a_hold_whose_chain_seals_too_slowly_to_be_asked_is_not_made_to_wait(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    many, age_s = ids(TOGETHER_MIN), 60
    opened(hub, many)
    leg.now_s = NOW_S - age_s
    held(leg, many)
    in_time = DECIDE_BY_S - TOGETHER_MARGIN_S - age_s
    leg.now_s = in_time - age_s
    leg.block()
    assert proofs(relayer.step(look(hub, leg, now_s=in_time + 1))) == [(i,) for i in many]


@pytest.mark.parametrize("is_restarted", [False, True])
def test_what_is_not_announced_in_time_is_proven_by_what_was_said(
    relayer: Relayer, hub: FakeChain, leg: FakeChain, *, is_restarted: bool
) -> None:
    many = ids(TOGETHER_MIN)
    opened(hub, many)
    held(leg, many)
    (asked,) = relayer.step(look(hub, leg))
    assert isinstance(asked, Announce)
    if is_restarted:
        relayer = Relayer()
        whole = look(hub, leg, is_whole=True)
        resumed = [replace(c, resumed=(asked.errand,) * (c.chain_id == LEG)) for c in whole.chains]
        assert relayer.step(replace(whole, chains=tuple(resumed))) == ()
    assert relayer.step(look(hub, leg, now_s=NOW_S + PATIENCE_S - 1)) == ()
    effects = relayer.step(look(hub, leg, now_s=NOW_S + PATIENCE_S))
    assert proofs(effects) == [(trade_id,) for trade_id in many]
    assert announced(effects) == []


def test_a_trade_that_was_announced_alone_is_not_made_to_wait_again(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    many = ids(BATCH_MAX + 1 + TOGETHER_MIN)
    first, last, new = many[:BATCH_MAX], many[BATCH_MAX], many[BATCH_MAX + 1 :]
    opened(hub, many)
    held(leg, [*first, last])
    assert announced(relayer.step(look(hub, leg))) == [tuple(first), (last,)]
    leg.block(leg.say(Status.HELD, *first))
    logs = [log for i in new for log in (Held(i, TRADE), leg.say(Status.HELD, i))]
    leg.block(*logs, leg.say(Status.HELD, last))
    effects = relayer.step(look(hub, leg))
    assert proofs(effects) == [(last,), tuple(first)] or proofs(effects) == [tuple(first), (last,)]
    assert announced(effects) == [tuple(first), tuple(new)]


@pytest.mark.parametrize("lag_s", [WAIT_MAX_S, WAIT_MAX_S + 1])
def test_a_chain_that_is_slow_to_seal_is_not_asked(
    relayer: Relayer, hub: FakeChain, leg: FakeChain, lag_s: int
) -> None:
    many = ids(TOGETHER_MIN)
    opened(hub, many)
    leg.now_s = NOW_S - lag_s
    held(leg, many)
    effects = relayer.step(look(hub, leg))
    assert bool(announced(effects)) == (lag_s <= WAIT_MAX_S)
    assert bool(proofs(effects)) == (lag_s > WAIT_MAX_S)


def test_one_common_log_of_a_decision_serves_every_chain(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    third, trade = FakeChain(THIRD), trade_over(HUB, LEG, THIRD)
    many = ids(TOGETHER_MIN)
    for chain in (leg, third):
        chain.block(*(Held(trade_id, trade) for trade_id in many))
    aborted = [log for i in many for log in (Opened(i, trade), hub.say(Status.ABORTED, i))]
    hub.block(*aborted)
    assert announced(relayer.step(look(hub, leg, third))) == [tuple(many)]
    hub.block(hub.say(Status.ABORTED, *many))
    effects = relayer.step(look(hub, leg, third))
    assert [e.chain_id for e in effects if isinstance(e, Prove)] == [LEG, THIRD]


def test_statuses_may_differ_within_one_log(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    first, second = ids(2)
    opened(hub, [first, second])
    said = replace(leg.say(Status.HELD, first, second), statuses=(Status.HELD, Status.REFUSED))
    leg.block(Held(first, TRADE), said)
    (proof,) = [e for e in relayer.step(look(hub, leg)) if isinstance(e, Prove)]
    assert said_by(proof) == ((first, Status.HELD), (second, Status.REFUSED))


def test_without_batching_every_trade_has_calls_of_its_own(hub: FakeChain, leg: FakeChain) -> None:
    many, relayer = ids(TOGETHER_MIN), Relayer(is_batching=False)
    opened(hub, many)
    held(leg, many)
    assert proofs(relayer.step(look(hub, leg))) == [(trade_id,) for trade_id in many]


# --- what fails in company is tried alone -------------------------------------------------------


def in_company(relayer: Relayer, hub: FakeChain, leg: FakeChain) -> tuple[list[TradeId], Prove]:
    some = ids(3)
    opened(hub, some)
    leg.block(*(Held(i, TRADE) for i in some), leg.say(Status.HELD, *some))
    (proof,) = [e for e in relayer.step(look(hub, leg)) if isinstance(e, Prove)]
    return some, proof


def later(relayer: Relayer, hub: FakeChain, leg: FakeChain) -> Iterator[tuple[Effect, ...]]:
    for second in range(1, 10):
        yield relayer.step(look(hub, leg, now_s=1_000 + second))


def test_a_member_that_was_skipped_is_proven_alone_and_the_others_are_done(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    some, proof = in_company(relayer, hub, leg)
    hub.ended.append(Ended(proof.errand, True, skipped={some[1]: "out of luck"}))
    again = [batch for effects in later(relayer, hub, leg) for batch in proofs(effects)]
    assert again == [(some[1],)]


def test_a_batch_that_failed_as_a_whole_is_proven_one_by_one(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    some, proof = in_company(relayer, hub, leg)
    hub.end(proof, reason="settlement: not enough gas")
    again = [batch for effects in later(relayer, hub, leg) for batch in proofs(effects)]
    assert again == [(trade_id,) for trade_id in some]


def test_when_asking_for_a_common_log_fails_each_is_proven_by_its_own(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    many = ids(TOGETHER_MIN)
    opened(hub, many)
    held(leg, many)
    leg.end(*(e for e in relayer.step(look(hub, leg)) if isinstance(e, Announce)), reason="no")
    again = [batch for effects in later(relayer, hub, leg) for batch in proofs(effects)]
    assert again == [(trade_id,) for trade_id in many]


def test_an_announcement_that_said_nothing_of_a_trade_is_asked_for_again(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    (only,) = ids(1)
    opened(hub, [only])
    leg.proof_bytes[held(leg, [only])] = 5_000
    asked = relayer.step(look(hub, leg))
    leg.end(*(e for e in asked if isinstance(e, Announce)))
    again = [batch for effects in later(relayer, hub, leg) for batch in announced(effects)]
    assert again[0] == (only,)


# --- bounds -------------------------------------------------------------------------------------


def test_a_common_log_that_is_too_long_to_prove_is_halved(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    many = ids(BATCH_MAX)
    opened(hub, many)
    held(leg, many)
    sizes = []
    for _ in range(12):
        effects = relayer.step(look(hub, leg))
        if proofs(effects):
            break
        asked = announced(effects)
        sizes.append(len(asked[0]))
        for batch in asked:
            leg.proof_bytes[leg.block(leg.say(Status.HELD, *batch))] = 5_000
    assert sizes == [32, 16, 8, 4]
    assert proofs(effects) == [(trade_id,) for trade_id in many]


def test_more_trades_than_a_call_takes_are_spread_over_several(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    many = ids(2 * BATCH_MAX + 1)
    opened(hub, many)
    held(leg, many)
    assert [len(batch) for batch in announced(relayer.step(look(hub, leg)))] == [32, 32, 1]


def test_a_batch_needs_no_more_gas_than_it_may() -> None:
    for trade in (TRADE, WIDE):
        batches = list(in_batches([trade] * 100, lambda one: one))
        assert sum(map(len, batches)) == 100
        assert all(gas_of(batch) <= BATCH_GAS_MAX for batch in batches)
        assert all(len(batch) <= BATCH_MAX for batch in batches)
    assert len(list(in_batches([TRADE] * BATCH_MAX, lambda one: one))) == 1
    assert len(list(in_batches([WIDE] * BATCH_MAX, lambda one: one))) > 1
