"""Holds taken by a shortcut, and contracts that have the same address on every chain."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge import contract_calls
from bridge.model import ChainId, Outcome, Status, Trade
from chains.engine import Receipt
from contracts.artifacts import Optimize
from tests.support.engine_chain import calldata, reason
from tests.support.engine_hostile import attacker, impersonate
from tests.support.engine_packets import packet_of
from tests.support.engine_relaying import Relay, assert_ended, assert_settled
from tests.support.engine_world import COURIER, LONDON, SHANGHAI, ZURICH, EngineWorld
from tests.support.people import ALICE, BOB, EVE, account


@pytest.fixture
def world(build: Optimize) -> EngineWorld:
    return EngineWorld.fresh((SHANGHAI, LONDON, ZURICH), build)


@pytest.fixture
def trade(world: EngineWorld) -> Trade:
    """Shanghai decides; Bob pays in two places. All addresses are the same on each chain."""
    assert len({chain.settlement for chain in world.chains.values()}) == 1
    assert len({chain.cash for chain in world.chains.values()}) == 1
    return world.trade(
        world.leg(SHANGHAI, world[SHANGHAI].security, ALICE, BOB, 10),
        world.leg(LONDON, world[LONDON].cash, BOB, ALICE, 500),
        world.leg(ZURICH, world[ZURICH].cash, BOB, ALICE, 500),
    )


def hold_directly(world: EngineWorld, trade: Trade, on: ChainId) -> Receipt:
    data = contract_calls.hold(trade, world.signed_on(trade, on))
    return world[on].send(ALICE, world[on].settlement, data)


def test_a_leg_on_the_hubs_chain_is_not_held_without_its_hub(
    world: EngineWorld, trade: Trade
) -> None:
    refused = hold_directly(world, trade, SHANGHAI)
    assert reason(refused) == "settlement: the hub holds here"
    assert world[SHANGHAI].held(world[SHANGHAI].security, ALICE) == 0
    world.settle(trade)
    assert reason(hold_directly(world, trade, SHANGHAI)) == "settlement: the hub holds here"
    assert_settled(world, trade)


def test_nor_in_a_batch(world: EngineWorld, trade: Trade) -> None:
    signed = [world.signed_on(trade, SHANGHAI)]
    hub = world[SHANGHAI]
    receipt = hub.do(EVE, hub.settlement, contract_calls.hold_batch([trade], signed))
    assert world.status(trade, SHANGHAI) is Status.NONE
    assert hub.held(hub.security, ALICE) == 0
    assert b"settlement: the hub holds here".ljust(32, b"\0") in receipt.logs[0].data


@pytest.mark.parametrize("function", ["hold", "execute", "release"])
@pytest.mark.parametrize("who", [ALICE, BOB, EVE, "issuer", "authority"])
def test_nobody_moves_a_hold_at_the_token_itself(
    world: EngineWorld, trade: Trade, who: str, function: str
) -> None:
    world.open(trade)
    hub = world[SHANGHAI]
    call = calldata("security_token", function, account(ALICE), account(BOB), 10)
    assert reason(hub.send(who, hub.security, call)) == "security: only the notary"
    assert hub.held(hub.security, ALICE) == 10


def test_the_twin_of_an_agent_speaks_only_for_its_own_chain(
    world: EngineWorld, trade: Trade
) -> None:
    world.open(trade)
    held = packet_of(world[ZURICH], world.hold(trade, ZURICH))
    world.carry(held.header, SHANGHAI)
    as_london = replace(held, source=replace(held.source, chain_id=LONDON))
    assert reason(world.prove(as_london, trade, SHANGHAI)) == "settlement: header not proven"
    for _ in range(2):
        assert world.prove(held, trade, SHANGHAI).is_success
    assert world.pending(trade, SHANGHAI) == 0b010
    assert world.status(trade, SHANGHAI) is Status.OPEN
    world.hold(trade, LONDON)
    Relay(world).finish()
    assert_settled(world, trade)


def test_the_twin_of_the_hub_decides_nothing(world: EngineWorld, trade: Trade) -> None:
    """Zurich's contract has the hub's address and really announces REFUSED and HELD."""
    world.hold(trade, LONDON)
    world[ZURICH].do(BOB, world[ZURICH].settlement, contract_calls.refuse(trade))
    said = world.announce(ZURICH, trade)
    world.carry_all(said)
    assert reason(world.prove(said, trade, LONDON)) == "settlement: not the trade's hub"
    assert world.status(trade, LONDON) is Status.HELD
    Relay(world).finish()
    assert_ended(world, trade, Outcome.ABORTED)
    world.check()


def test_a_header_of_one_chain_is_not_shown_to_the_client_of_another(
    world: EngineWorld, trade: Trade
) -> None:
    world.hold(trade, ZURICH)
    header = world.announce(ZURICH, trade).header
    client = world[SHANGHAI].clients[LONDON]
    shown = world[SHANGHAI].send(EVE, client, contract_calls.update(header))
    assert reason(shown) == "client: not the trusted set"


def test_the_same_terms_at_the_twin_hub_are_another_trade(world: EngineWorld, trade: Trade) -> None:
    """The domain names the chain: signatures for one hub are none for its twin."""
    moved = replace(trade, hub_chain_id=LONDON)
    assert world.id_of(moved) != world.id_of(trade)
    data = contract_calls.open_trade(moved, world.signed(trade))
    refused = world[LONDON].send(EVE, world[LONDON].settlement, data)
    assert reason(refused) == "terms: not signed by a party"


@pytest.mark.parametrize("status", [Status.COMMITTED, Status.ABORTED])
def test_an_impostor_on_the_hubs_own_chain_decides_nothing(
    world: EngineWorld, trade: Trade, status: Status
) -> None:
    world.hold(trade, LONDON)
    world.hold(trade, ZURICH)
    hub = world[SHANGHAI]
    impostor = hub.deploy(attacker("impostor"), who=EVE)
    lie = packet_of(hub, impersonate(hub, impostor, [world.id_of(trade)], [status]))
    world.carry_all(lie)
    assert reason(world.prove(lie, trade, LONDON)) == "settlement: not the trade's hub"
    world.open(trade)
    Relay(world).finish()
    assert_settled(world, trade)


def test_an_impostor_on_a_legs_chain_holds_nothing(world: EngineWorld, trade: Trade) -> None:
    world.open(trade)
    impostor = world[LONDON].deploy(attacker("impostor"), who=EVE)
    said = impersonate(world[LONDON], impostor, [world.id_of(trade)], [Status.HELD])
    lie = world.carry_all(packet_of(world[LONDON], said))
    assert reason(world.prove(lie, trade, SHANGHAI)) == "hub: not an agent of the trade"
    world.wait_until(trade.decide_by_s + 1)
    hub = world[SHANGHAI]
    hub.do(COURIER, hub.settlement, contract_calls.abort(trade))
    assert_ended(world, trade, Outcome.ABORTED)
    world.check()
