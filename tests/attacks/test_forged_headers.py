"""Validators that lie: too few to be believed, or enough to be caught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bridge import contract_calls
from bridge.model import ChainId, Outcome, Packet, Status, Trade
from bridge.proofs import header_packet
from chains.consensus import ValidatorSet
from chains.engine import Receipt
from chains.keys import keccak
from contracts.artifacts import Optimize
from tests.support.engine_chain import reason, validator_keys
from tests.support.engine_packets import Said, forged, validators_at
from tests.support.engine_relaying import Relay, assert_ended, assert_settled
from tests.support.engine_world import COURIER, LONDON, SHANGHAI, EngineWorld

ATTACKERS = tuple(keccak(b"an attacker %d" % i) for i in range(4))


@pytest.fixture
def world(build: Optimize) -> EngineWorld:
    return EngineWorld.fresh(build=build)


@pytest.fixture
def trade(world: EngineWorld) -> Trade:
    """The payment is held on London; Shanghai decides, and has not."""
    trade = world.dvp()
    world.hold(trade)
    return trade


def lie(world: EngineWorld, trade: Trade, seal: Sequence[bytes], listed: Sequence[bytes]) -> Packet:
    """Shanghai is said to have committed, in a header that lists a set of which some seal."""
    hub = world[SHANGHAI]
    said = Said(hub.settlement, (world.id_of(trade),), (Status.COMMITTED,))
    return forged(hub, seal, said, listed=ValidatorSet.of(listed).addresses)


def show(world: EngineWorld, packet: Packet, trusted_at: int) -> Receipt:
    """The packet's header, with the set that London trusts."""
    trusted = validators_at(world[SHANGHAI], trusted_at)
    header = replace(packet.header, trusted_validators=trusted)
    client = world[LONDON].clients[SHANGHAI]
    return world[LONDON].send(COURIER, client, contract_calls.update(header))


@pytest.mark.parametrize(
    ("honest", "why"),
    [
        (0, "client: too few trusted seals"),
        (1, "client: too few trusted seals"),
        (2, "client: too few trusted seals"),
    ],
)
def test_an_attackers_set_with_too_few_trusted_validators_is_refused(
    world: EngineWorld, trade: Trade, honest: int, why: str
) -> None:
    keys = (*validator_keys(SHANGHAI)[:honest], *ATTACKERS[honest:])
    packet = lie(world, trade, keys, keys)
    assert reason(show(world, packet, 0)) == why
    assert reason(world.prove(packet, trade, LONDON)) == "settlement: header not proven"
    world.open(trade)
    Relay(world).finish()
    assert_settled(world, trade)


def test_too_few_validators_of_the_set_itself_are_refused(world: EngineWorld, trade: Trade) -> None:
    keys = validator_keys(SHANGHAI)
    assert reason(show(world, lie(world, trade, keys[:2], keys), 0)) == "client: too few seals"


def test_retired_keys_do_not_mislead_a_stale_client(world: EngineWorld, trade: Trade) -> None:
    """Two validators have retired and their keys leaked before London heard of any change."""
    first = world.rotate(SHANGHAI, 1)
    world.rotate(SHANGHAI, 2)
    retired = validator_keys(SHANGHAI)[:2]
    keys = (*retired, *ATTACKERS[:2])
    packet = lie(world, trade, keys, keys)
    assert reason(show(world, packet, first - 1)) == "client: too few trusted seals"
    world.open(trade)
    Relay(world).finish()
    assert_settled(world, trade)


def test_a_quorum_that_forges_finality_is_beyond_what_is_promised(
    world: EngineWorld, trade: Trade
) -> None:
    """The known limit, shown on purpose: the auditor sees it at once."""
    keys = validator_keys(SHANGHAI)
    packet = lie(world, trade, keys, keys)
    assert show(world, packet, 0).is_success
    assert world.prove(packet, trade, LONDON).is_success
    assert world.status(trade, LONDON) is Status.EXECUTED
    names = {violation.name.value for violation in world.violations}
    assert {"EXECUTION_WITHOUT_DECISION", "FINALITY"} <= names


def resolve(world: EngineWorld, trade: Trade, outcome: Outcome, on: ChainId) -> Receipt:
    data = contract_calls.resolve(trade, outcome, world.resolve_signed(trade, outcome))
    return world[on].send(COURIER, world[on].settlement, data)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_equivocation_freezes_the_client_and_the_parties_end_what_the_hub_decided(
    world: EngineWorld, trade: Trade, outcome: Outcome
) -> None:
    other = world.dvp(units=2, price=20)
    world.settle(other)
    if outcome is Outcome.COMMITTED:
        world.open(trade)
        world.tell(LONDON, trade, SHANGHAI)
    else:
        world.cancel(trade)
    assert reason(resolve(world, trade, outcome, LONDON)) == "settlement: client not frozen"
    world.freeze(SHANGHAI, on=LONDON)
    decided = world.announce(SHANGHAI, trade)
    assert reason(show(world, decided, 0)) == "client: frozen"
    assert reason(world.prove(decided, trade, LONDON)) == "settlement: header not proven"
    assert resolve(world, trade, outcome, LONDON).is_success
    assert_ended(world, trade, outcome)
    assert_settled(world, other)
    assert world.alarms() == ["CLIENT_FROZEN"]


def test_while_the_hubs_client_is_frozen_its_trades_time_out_and_all_is_given_back(
    world: EngineWorld, trade: Trade
) -> None:
    """The other direction still works: what the hub decides reaches every leg."""
    world.open(trade)
    world.freeze(LONDON, on=SHANGHAI)
    unaffected = world.trade(world.leg(SHANGHAI, world[SHANGHAI].cash, "alice", "bob", 5))
    world.open(unaffected)
    world.wait_until(trade.decide_by_s + 1)
    hub = world[SHANGHAI]
    hub.do(COURIER, hub.settlement, contract_calls.abort(trade))
    Relay(world).finish()
    assert_ended(world, trade, Outcome.ABORTED)
    assert_settled(world, unaffected)


def test_one_header_sealed_twice_is_no_equivocation(world: EngineWorld, trade: Trade) -> None:
    """Another quorum of the same block: the same identity."""
    hub = world[SHANGHAI]
    height = hub.mine().height
    sealed = hub.engine.sealed_header(height)
    world.carry(header_packet(SHANGHAI, sealed), LONDON)
    everybody = header_packet(SHANGHAI, sealed, validators_at(hub, height))
    world.carry(replace(everybody, trusted_validators=()), LONDON)
    assert not world[LONDON].is_frozen(SHANGHAI)
