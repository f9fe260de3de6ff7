"""Somebody makes a deciding call from inside a transaction whose receipt is too large to prove."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge import contract_calls
from bridge.model import Address, ChainId, Packet, Status, Trade
from bridge.proofs import PROOF_MAX, ProofTooLarge
from chains.engine import Receipt
from contracts.artifacts import Optimize
from tests.support.engine_chain import EngineChain, calldata, reason
from tests.support.engine_hostile import attacker
from tests.support.engine_packets import header_of, packet_of
from tests.support.engine_relaying import Relay, assert_settled
from tests.support.engine_world import LONDON, SHANGHAI, EngineWorld
from tests.support.people import EVE

BLOATED_BYTES = 5_000


@pytest.fixture
def world(build: Optimize) -> EngineWorld:
    return EngineWorld.fresh(build=build)


@pytest.fixture
def trade(world: EngineWorld) -> Trade:
    """Shanghai decides."""
    return world.dvp()


def bloat(chain: EngineChain, call: bytes, *, is_loud: bool = True) -> Receipt:
    """The call, made by a wrapper contract."""
    wrapper = chain.deploy(attacker("bloater"), who=EVE)
    data = calldata(attacker("bloater"), "bloat", chain.settlement, call, is_loud)
    return chain.do(EVE, wrapper, data)


def hold_call(world: EngineWorld, trade: Trade) -> bytes:
    return contract_calls.hold(trade, world.signed_on(trade, LONDON))


def commit_call(world: EngineWorld, trade: Trade) -> bytes:
    """Proves to the hub that the payment is held."""
    world.open(trade)
    held = packet_of(world[LONDON], world.hold(trade))
    world.carry(held.header, SHANGHAI)
    return contract_calls.prove(held, 0, trade)


def forced(world: EngineWorld, chain: ChainId, receipt: Receipt, trade: Trade) -> Packet:
    """The packet that cannot be built, built all the same."""
    honest = world.announce(chain, trade)
    nodes = world[chain].engine.receipt_proof(receipt.height, receipt.tx_index)
    header = header_of(world[chain], receipt.height)
    source = replace(
        honest.source,
        height=receipt.height,
        block_hash=world[chain].engine.block(receipt.height).hash,
        receipts_root=world[chain].engine.block(receipt.height).receipts_root,
    )
    return replace(honest, header=header, source=source, proof=b"".join(nodes))


@pytest.mark.parametrize("is_decision", [False, True], ids=["the hold", "the decision"])
def test_a_fact_in_a_bloated_receipt_is_announced_again_and_settles(
    world: EngineWorld, trade: Trade, is_decision: bool
) -> None:
    other = world.dvp(units=3, price=30)
    source, target = (SHANGHAI, LONDON) if is_decision else (LONDON, SHANGHAI)
    call = commit_call(world, trade) if is_decision else hold_call(world, trade)
    receipt = bloat(world[source], call)
    assert len(receipt.encoded) > BLOATED_BYTES
    with pytest.raises(ProofTooLarge):
        packet_of(world[source], receipt)
    packet = forced(world, source, receipt, trade)
    assert len(packet.proof) > PROOF_MAX
    world.carry(packet.header, target)
    assert not world.prove(packet, trade, target).is_success
    if not is_decision:
        world.open(trade)
    world.tell(source, trade, target)
    world.settle(other)
    if not is_decision:
        world.tell(SHANGHAI, trade, LONDON)
    assert_settled(world, trade, other)


@pytest.mark.parametrize("is_decision", [False, True], ids=["the hold", "the decision"])
def test_a_relayer_sees_that_a_receipt_is_bloated_and_asks_again(
    world: EngineWorld, trade: Trade, is_decision: bool
) -> None:
    if is_decision:
        bloat(world[SHANGHAI], commit_call(world, trade))
    else:
        bloat(world[LONDON], hold_call(world, trade))
        world.open(trade)
    Relay(world).finish()
    assert_settled(world, trade)


def test_every_fact_of_a_trade_may_be_bloated(world: EngineWorld, trade: Trade) -> None:
    opening = contract_calls.open_trade(trade, world.signed(trade))
    bloat(world[SHANGHAI], opening)
    bloat(world[LONDON], hold_call(world, trade))
    held = world.announce(LONDON, trade)
    world.carry(held.header, SHANGHAI)
    bloat(world[SHANGHAI], contract_calls.prove(held, 0, trade))
    decided = world.announce(SHANGHAI, trade)
    world.carry(decided.header, LONDON)
    bloat(world[LONDON], contract_calls.prove(decided, 0, trade))
    assert_settled(world, trade)


def test_the_same_wrapper_without_noise_needs_nothing_more(
    world: EngineWorld, trade: Trade
) -> None:
    world.open(trade)
    receipt = bloat(world[LONDON], hold_call(world, trade), is_loud=False)
    packet = packet_of(world[LONDON], receipt)
    world.carry(packet.header, SHANGHAI)
    assert world.prove(packet, trade, SHANGHAI).is_success
    assert world.status(trade, SHANGHAI) is Status.COMMITTED
    world.tell(SHANGHAI, trade, LONDON)
    assert_settled(world, trade)


def test_a_wrapper_is_no_sender(world: EngineWorld, trade: Trade) -> None:
    wrapper: Address = world[LONDON].deploy(attacker("bloater"), who=EVE)
    call = contract_calls.refuse(trade)
    data = calldata(attacker("bloater"), "bloat", world[LONDON].settlement, call, False)
    receipt = world[LONDON].send("bob", wrapper, data)
    assert reason(receipt) == "legs: not a sender here"
