"""Under a gas limit that is too low a call reverts wholly; it never looks like a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bridge.model import ChainId, Status, Trade
from contracts.artifacts import Optimize
from tests.support.bare_evm import Outcome, Reverted
from tests.support.hostile_tokens import Mood, MoodyToken
from tests.support.people import ALICE, BOB, CAROL
from tests.support.refusals import refused
from tests.support.settlement_batches import skipped
from tests.support.settlement_calls import batch_arguments, prove_arguments, signed_member
from tests.support.settlement_chain import CASH, UNITS, balance, hostile
from tests.support.settlement_world import LONDON, SHANGHAI, World

LOWEST, STEP = 30_000, 3_000
BATCH_STEP = 60_000


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that is ready to be made, with any gas limit."""

    world: World
    chain: ChainId
    function: str
    arguments: tuple[Any, ...]

    def made(self, gas: int) -> Outcome:
        """Raises Reverted."""
        contract = self.world[self.chain].settlement
        return contract.transact(self.function, *self.arguments, gas=gas)

    def limits(self, step: int) -> Iterator[int]:
        """From hopeless to a little more than is used."""
        with self.world[self.chain].evm.undone():
            ample = self.made(30_000_000).gas_used
        return iter(range(LOWEST, ample + 2_000_000, step))


@pytest.fixture
def world(build: Optimize) -> World:
    """Two chains that also serve a moody token."""
    return World.of(build, also_served=[hostile("moody_token", build)])


def trade_of(world: World) -> Trade:
    """Two legs on each chain."""
    return world.trade(
        world.leg(SHANGHAI, world[SHANGHAI].security, ALICE, BOB, 10),
        world.leg(SHANGHAI, world[SHANGHAI].cash, CAROL, BOB, 20),
        world.leg(LONDON, world[LONDON].cash, BOB, ALICE, 500),
        world.leg(LONDON, world[LONDON].security, BOB, CAROL, 30),
    )


def ready_to_open(world: World, trade: Trade) -> Attempt:
    return Attempt(world, SHANGHAI, "open", (trade.as_tuple(), world.signed(trade)))


def ready_to_hold(world: World, trade: Trade) -> Attempt:
    arguments = (trade.as_tuple(), world.signed_on(trade, LONDON))
    return Attempt(world, LONDON, "hold", arguments)


def ready_to_commit(world: World, trade: Trade) -> Attempt:
    world.open(trade)
    packet = world.packet(LONDON, world.hold(trade).logs)
    return Attempt(world, SHANGHAI, "prove", prove_arguments(packet, trade, 0))


def ready_to_execute(world: World, trade: Trade) -> Attempt:
    return Attempt(world, LONDON, "prove", prove_arguments(world.commit(trade), trade, 0))


def ready_to_release(world: World, trade: Trade) -> Attempt:
    world.hold(trade)
    return Attempt(world, LONDON, "prove", prove_arguments(world.abort(trade), trade, 0))


def ready_to_cancel(world: World, trade: Trade) -> Attempt:
    world.open(trade)
    arguments = (trade.as_tuple(), world.cancel_signed(trade))
    return Attempt(world, SHANGHAI, "cancel", arguments)


SINGLE: dict[str, tuple[Callable[[World, Trade], Attempt], Status]] = {
    "open": (ready_to_open, Status.OPEN),
    "hold": (ready_to_hold, Status.HELD),
    "commit": (ready_to_commit, Status.COMMITTED),
    "execute": (ready_to_execute, Status.EXECUTED),
    "release": (ready_to_release, Status.RELEASED),
    "cancel": (ready_to_cancel, Status.ABORTED),
}


@pytest.mark.parametrize("form", SINGLE)
def test_a_call_reverts_wholly_or_does_everything(world: World, form: str) -> None:
    trade = trade_of(world)
    ready, after = SINGLE[form]
    attempt = ready(world, trade)
    before = world.status(trade, attempt.chain)
    done: list[bool] = []
    for gas in attempt.limits(STEP):
        with world[attempt.chain].evm.undone():
            try:
                attempt.made(gas)
            except Reverted:
                done.append(False)
                assert world.status(trade, attempt.chain) is before
            else:
                done.append(True)
                assert world.status(trade, attempt.chain) is after
                assert after is Status.OPEN or world.pending(trade, attempt.chain) == 0
        if done[-20:].count(True) == 20:
            break
    assert done == sorted(done)
    assert {False, True} == set(done)


def test_what_an_execution_needs_to_be_tried_again(world: World) -> None:
    trade = trade_of(world)
    attempt = ready_to_execute(world, trade)
    with refused("legs: not enough gas"):
        attempt.made(150_000)
    assert world.status(trade, LONDON) is Status.HELD
    attempt.made(1_000_000)
    assert balance(world[LONDON].cash, ALICE) == CASH + 500
    assert balance(world[LONDON].security, CAROL) == UNITS + 30


def test_what_a_hold_needs_to_be_tried_again(world: World) -> None:
    trade = trade_of(world)
    attempt = ready_to_hold(world, trade)
    with refused("legs: not enough gas"):
        attempt.made(200_000)
    attempt.made(1_000_000)


def ready_to_open_batch(world: World, trades: list[Trade]) -> Attempt:
    members = [signed_member(trade, world.signed(trade)) for trade in trades]
    return Attempt(world, SHANGHAI, "open_batch", (members,))


def ready_to_hold_batch(world: World, trades: list[Trade]) -> Attempt:
    members = [signed_member(trade, world.signed_on(trade, LONDON)) for trade in trades]
    return Attempt(world, LONDON, "hold_batch", (members,))


def ready_to_commit_batch(world: World, trades: list[Trade]) -> Attempt:
    world.open_batch(*trades)
    world.hold_batch(*trades)
    by_id = {world.id_of(trade): trade for trade in trades}
    arguments = batch_arguments(world.announced(LONDON, *trades), by_id)
    return Attempt(world, SHANGHAI, "prove_batch", arguments)


@pytest.mark.parametrize("ready", [ready_to_open_batch, ready_to_hold_batch, ready_to_commit_batch])
def test_a_batch_reverts_wholly_or_skips_nobody(
    world: World, ready: Callable[[World, list[Trade]], Attempt]
) -> None:
    trades = [trade_of(world) for _ in range(3)]
    attempt = ready(world, trades)
    reasons: set[str] = set()
    done: list[bool] = []
    for gas in attempt.limits(BATCH_STEP):
        with world[attempt.chain].evm.undone():
            try:
                assert skipped(attempt.made(gas)) == []
            except Reverted as reverted:
                reasons.add(reverted.reason)
                done.append(False)
            else:
                done.append(True)
    assert done == sorted(done)
    assert {False, True} == set(done)
    assert "settlement: not enough gas" in reasons


@pytest.mark.parametrize("step", ["hold", "execute", "release"])
def test_a_token_has_the_same_gas_under_every_limit(
    world: World, build: Optimize, step: str
) -> None:
    moody = MoodyToken.on(world[LONDON], build)
    trade = world.trade(
        world.leg(LONDON, moody.token, ALICE, BOB, 7),
        world.leg(SHANGHAI, world[SHANGHAI].cash, BOB, ALICE, 5),
    )
    attempt = SINGLE[step][0](world, trade)
    moody.behave(Mood.TELLS_ITS_GAS, Mood.TELLS_ITS_GAS, Mood.TELLS_ITS_GAS)
    seen: set[int] = set()
    for gas in range(140_000, 260_000, 200):
        with world[LONDON].evm.undone():
            try:
                events = attempt.made(gas).events
            except Reverted:
                continue
            seen.update(event.fields["left"] for event in events if event.name == "Gas")
    assert len(seen) == 1
