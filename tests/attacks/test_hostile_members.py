"""One member of a batch is poisoned or its token hostile: the others do not notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bridge import abi, contract_calls
from bridge.model import Outcome, Status, Trade
from chains.engine import Receipt
from contracts.artifacts import Optimize
from tests.support.engine_chain import reason
from tests.support.engine_hostile import RICH, Mood, MoodyToken, hostile
from tests.support.engine_packets import packet_of
from tests.support.engine_relaying import Relay, assert_ended, assert_settled
from tests.support.engine_trades import member
from tests.support.engine_world import COURIER, LONDON, SHANGHAI, EngineWorld
from tests.support.people import CAROL, DAVE, EVE

BATCH_GAS = 12_000_000
MEMBER_MAX = 2624  # bytes: eight legs and as many signatures
FAILING = (Mood.REVERTS, Mood.BURNS_ALL_GAS)


@pytest.fixture
def world(build: Optimize) -> EngineWorld:
    return EngineWorld.of(also_served=[hostile("moody_token")], build=build)


@pytest.fixture
def moody(world: EngineWorld) -> MoodyToken:
    """Served on London."""
    return MoodyToken.on(world[LONDON])


@pytest.fixture
def trades(world: EngineWorld, moody: MoodyToken) -> list[Trade]:
    """The second of three pays in the moody token."""
    hostile_one = world.trade(
        world.leg(SHANGHAI, world[SHANGHAI].security, CAROL, DAVE, 4),
        world.leg(LONDON, moody.address, DAVE, CAROL, 7),
    )
    return [world.dvp(units=1, price=10), hostile_one, world.dvp(units=2, price=20)]


def open_all(world: EngineWorld, trades: Sequence[Trade]) -> Receipt:
    hub = world[SHANGHAI]
    data = contract_calls.open_batch(trades, [world.signed(t) for t in trades])
    return hub.do(COURIER, hub.settlement, data, BATCH_GAS)


def hold_all(world: EngineWorld, trades: Sequence[Trade]) -> Receipt:
    agent = world[LONDON]
    data = contract_calls.hold_batch(trades, [world.signed_on(t, LONDON) for t in trades])
    return agent.do(COURIER, agent.settlement, data, BATCH_GAS)


def prove_all(world: EngineWorld, trades: Sequence[Trade]) -> None:
    """Both ways, in one announcement each."""
    for source, target in ((LONDON, SHANGHAI), (SHANGHAI, LONDON)):
        packet = world.announce(source, *trades)
        world.carry(packet.header, target)
        known = [t for t in trades if world.id_of(t) in packet.ids]
        members = [(packet.ids.index(world.id_of(t)), t) for t in known]
        data = contract_calls.prove_batch(packet, members)
        world[target].do(EVE, world[target].settlement, data, BATCH_GAS)


@pytest.mark.parametrize("mood", [*FAILING, Mood.SAYS_NO])
def test_a_token_that_does_not_hold_leaves_only_its_own_trade_out(
    world: EngineWorld, moody: MoodyToken, trades: list[Trade], mood: Mood
) -> None:
    moody.behave(hold=mood)
    open_all(world, trades)
    hold_all(world, trades)
    honest = [trades[0], trades[2]]
    prove_all(world, honest)
    assert_settled(world, *honest)
    assert world.status(trades[1], LONDON) is Status.NONE
    world.wait_until(trades[1].decide_by_s + 1)
    hub = world[SHANGHAI]
    hub.do(COURIER, hub.settlement, contract_calls.abort(trades[1]))
    assert_ended(world, trades[1], Outcome.ABORTED)
    assert hub.held(hub.security, CAROL) == 0
    world.check()


@pytest.mark.parametrize("mood", FAILING)
def test_a_token_that_does_not_execute_leaves_only_its_own_leg_behind(
    world: EngineWorld, moody: MoodyToken, trades: list[Trade], mood: Mood
) -> None:
    open_all(world, trades)
    hold_all(world, trades)
    moody.behave(execute=mood)
    prove_all(world, trades)
    assert_settled(world, trades[0], trades[2])
    assert world.status(trades[1], LONDON) is Status.EXECUTED
    assert world.pending(trades[1], LONDON) == 0b10
    agent = world[LONDON]
    deliver = contract_calls.deliver(trades[1], 1)
    assert reason(agent.send(EVE, agent.settlement, deliver)) == "legs: token failed to deliver"
    moody.behave()
    agent.do(EVE, agent.settlement, deliver)
    assert moody.balance(CAROL) == RICH + 7
    assert_settled(world, *trades)


def test_a_token_whose_release_fails_keeps_nothing_but_its_own(
    world: EngineWorld, moody: MoodyToken, trades: list[Trade]
) -> None:
    open_all(world, trades)
    hold_all(world, trades)
    moody.behave(release=Mood.BURNS_ALL_GAS)
    world.cancel(trades[1])
    Relay(world).finish()
    assert world.pending(trades[1], LONDON) == 0b10
    assert_settled(world, trades[0], trades[2])
    moody.behave()
    agent = world[LONDON]
    agent.do(EVE, agent.settlement, contract_calls.deliver(trades[1], 1))
    assert_ended(world, trades[1], Outcome.ABORTED)
    assert (moody.held(DAVE), moody.balance(DAVE)) == (0, RICH)


def poisons(world: EngineWorld, good: Trade) -> dict[str, bytes]:
    """Members of an open_batch that are wrong in every way somebody thought of."""
    signed, dear = world.signed(good), world.dvp(units=10**9)
    whole = member(good, signed)
    return {
        "nothing": b"",
        "one byte": b"\1",
        "noise": bytes(range(256)) * 4,
        "cut": whole[:-33],
        "an offset far away": b"\xff" * 32 + whole[32:],
        "nobody signed": member(good, ()),
        "signed by others": member(good, world.signed(world.dvp())),
        "past its time": member(replace(good, prepare_by_s=1), signed),
        "more than anybody has": member(dear, world.signed(dear)),
    }


def raw_batch(members: Sequence[bytes]) -> bytes:
    """open_batch with members as they come."""
    tails = abi.tails([abi.blob(each) for each in members])
    return abi.selector(contract_calls.OPEN_BATCH) + abi.join((tails,))


def test_poisoned_members_are_skipped_and_the_others_settle(world: EngineWorld) -> None:
    first, last = world.dvp(units=1, price=10), world.dvp(units=2, price=20)
    bad = poisons(world, world.dvp(units=3, price=30))
    members = [member(first, world.signed(first)), *bad.values(), member(last, world.signed(last))]
    hub = world[SHANGHAI]
    receipt = hub.do(COURIER, hub.settlement, raw_batch(members), 28_000_000)
    skipped = [log for log in receipt.logs if len(log.topics) == 2 and len(log.data) == 32]
    assert len(skipped) == len(bad)
    hold_all(world, [first, last])
    prove_all(world, [first, last])
    assert_settled(world, first, last)


def test_a_member_longer_than_any_trade_stops_the_batch_before_it_begins(
    world: EngineWorld,
) -> None:
    """Whoever composes a batch sees that; nothing is half done."""
    good = world.dvp()
    whole = member(good, world.signed(good))
    hub = world[SHANGHAI]
    longest, longer = whole.ljust(MEMBER_MAX, b"\xff"), whole.ljust(MEMBER_MAX + 1, b"\xff")
    refused = hub.send(COURIER, hub.settlement, raw_batch([whole, longer]), BATCH_GAS)
    assert not refused.is_success
    assert world.status(good, SHANGHAI) is Status.NONE
    hub.do(COURIER, hub.settlement, raw_batch([longest]), BATCH_GAS)
    assert world.status(good, SHANGHAI) is Status.OPEN


def test_a_poisoned_member_of_a_proven_batch_is_skipped(
    world: EngineWorld, trades: list[Trade]
) -> None:
    open_all(world, trades)
    held = packet_of(world[LONDON], hold_all(world, trades))
    assert len(held.ids) == 1  # every hold announces for itself
    packet = world.announce(LONDON, *trades)
    world.carry(packet.header, SHANGHAI)
    other_terms = replace(trades[1], decide_by_s=trades[1].decide_by_s + 1)
    members = [(0, trades[0]), (1, other_terms), (2, trades[2])]
    data = contract_calls.prove_batch(packet, members)
    hub = world[SHANGHAI]
    hub.do(EVE, hub.settlement, data, BATCH_GAS)
    assert world.status(trades[1], SHANGHAI) is Status.OPEN
    Relay(world).finish()
    assert_settled(world, *trades)


@pytest.mark.parametrize("gas", range(400_000, 3_400_000, 300_000))
def test_a_starved_batch_skips_nobody_for_lack_of_gas(
    world: EngineWorld, trades: list[Trade], gas: int
) -> None:
    """It reverts as a whole, or every member is done."""
    hub = world[SHANGHAI]
    data = contract_calls.open_batch(trades, [world.signed(t) for t in trades])
    receipt = hub.send(EVE, hub.settlement, data, gas)
    expected = Status.OPEN if receipt.is_success else Status.NONE
    assert [world.status(t, SHANGHAI) for t in trades] == [expected] * 3
    world.check()
