"""Rule 1: a hold is created once, and leaves only through the hub's decision or a resolution."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bridge.model import Outcome, Status, Trade
from tests.support.people import ALICE, AUTHORITY, BOB, CAROL, EVE, ISSUER, account, caller
from tests.support.refusals import refused
from tests.support.settlement_chain import UNITS, balance, held
from tests.support.settlement_world import LONDON, SHANGHAI, World

HELD = 10
Attempt = Callable[[World, Trade], object]


@pytest.fixture
def trade(world: World) -> Trade:
    """Alice's units are held on London; Shanghai decides."""
    trade = world.trade(
        world.leg(LONDON, world[LONDON].security, ALICE, BOB, HELD),
        world.leg(SHANGHAI, world[SHANGHAI].cash, BOB, ALICE, 500),
    )
    world.open(trade)
    world.hold(trade)
    return trade


def _token(function: str, *arguments: object, who: str) -> Attempt:
    return lambda world, trade: world[LONDON].security.transact(
        function, *arguments, sender=caller(who)
    )


def _agent(function: str, *more: object, who: str = EVE) -> Attempt:
    return lambda world, trade: world[LONDON].settlement.transact(
        function, trade.as_tuple(), *more, sender=caller(who)
    )


def _cancel(world: World, trade: Trade) -> object:
    return _agent("cancel", world.cancel_signed(trade))(world, trade)


def _resolve(world: World, trade: Trade) -> object:
    signatures = world.resolve_signed(trade, Outcome.ABORTED)
    return _agent("resolve", Outcome.ABORTED, signatures)(world, trade)


LEG = (account(ALICE), account(BOB), HELD)
NOT_NOTARY, TOO_MUCH = "security: only the notary", "security: not enough available"
ATTEMPTS: dict[str, tuple[Attempt, str]] = {
    "its holder transfers it": (_token("transfer", account(CAROL), UNITS, who=ALICE), TOO_MUCH),
    "its holder releases it": (_token("release", *LEG, who=ALICE), NOT_NOTARY),
    "its receiver executes it": (_token("execute", *LEG, who=BOB), NOT_NOTARY),
    "the issuer releases it": (_token("release", *LEG, who=ISSUER), NOT_NOTARY),
    "the authority releases it": (_token("release", *LEG, who=AUTHORITY), NOT_NOTARY),
    "the issuer burns it": (_token("burn", account(ALICE), UNITS, who=ISSUER), TOO_MUCH),
    "the issuer takes it": (
        _token("forcedTransfer", account(ALICE), account(CAROL), UNITS, who=ISSUER),
        TOO_MUCH,
    ),
    "the issuer names another notary": (
        _token("set_notary", account(EVE), who=ISSUER),
        "security: the notary is named",
    ),
    "its sender refuses it": (_agent("refuse", who=ALICE), "settlement: too late to refuse"),
    "a clock aborts it": (_agent("abort"), "settlement: hub is elsewhere"),
    "somebody delivers it": (_agent("deliver", 0), "legs: nothing to deliver"),
    "the parties cancel it here": (_cancel, "settlement: hub is elsewhere"),
    "the parties resolve it while the hub proves": (_resolve, "settlement: client not frozen"),
    "it is held again": (lambda world, trade: world.hold(trade), "legs: already known"),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_nobody_else_ends_a_hold(world: World, trade: Trade, attempt: str) -> None:
    world.set_time(2**60)
    act, reason = ATTEMPTS[attempt]
    with refused(reason):
        act(world, trade)
    assert held(world[LONDON].security, ALICE) == HELD
    assert world.status(trade, LONDON) is Status.HELD


def test_an_objection_does_not_end_a_hold(world: World, trade: Trade) -> None:
    _agent("object", who=AUTHORITY)(world, trade)
    assert held(world[LONDON].security, ALICE) == HELD


def test_a_recovery_does_not_end_a_hold(world: World, trade: Trade) -> None:
    _token("recoveryAddress", account(ALICE), account(CAROL), who=ISSUER)(world, trade)
    assert held(world[LONDON].security, ALICE) == balance(world[LONDON].security, ALICE) == HELD


def test_a_hold_is_created_once_for_each_leg(world: World) -> None:
    security = world[LONDON].security
    twice = [world.leg(LONDON, security, ALICE, BOB, HELD)] * 2
    trade = world.trade(*twice)
    world.hold(trade)
    assert held(security, ALICE) == 2 * HELD
    with refused("legs: already known"):
        world.hold(trade)
    assert held(security, ALICE) == 2 * HELD


def test_the_hubs_commit_ends_a_hold(world: World, trade: Trade) -> None:
    decision = world.prove(world.announced(LONDON, trade), trade, SHANGHAI)
    world.prove(world.packet(SHANGHAI, decision.logs), trade, LONDON)
    assert held(world[LONDON].security, ALICE) == 0
    assert balance(world[LONDON].security, BOB) == UNITS + HELD


def test_the_hubs_abort_ends_a_hold(world: World, trade: Trade) -> None:
    world.prove(world.abort(trade), trade, LONDON)
    assert held(world[LONDON].security, ALICE) == 0
    assert balance(world[LONDON].security, ALICE) == UNITS


def test_a_unanimous_resolution_ends_a_hold_when_the_client_is_frozen(
    world: World, trade: Trade
) -> None:
    world.freeze(SHANGHAI, on=LONDON)
    _resolve(world, trade)
    assert held(world[LONDON].security, ALICE) == 0
