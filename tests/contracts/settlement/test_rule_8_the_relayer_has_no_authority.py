"""Rule 8: what a relayer calls has the same effect from any account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bridge.model import Address, ChainId, Leg, Status, Trade, UtiWord
from tests.support.bare_evm import Event, RawLog
from tests.support.people import ALICE, BOB, EVE, caller
from tests.support.refusals import refused
from tests.support.settlement_calls import batch_arguments, prove_arguments, signed_member
from tests.support.settlement_chain import CASH, UNITS, Chain, balance
from tests.support.settlement_world import LONDON, SHANGHAI, World

Call = tuple[Chain, str, tuple[Any, ...]]
ANYBODY = (EVE, ALICE, BOB, "issuer", "authority", "relayer")


def opening(world: World, trade: Trade) -> Call:
    return world[SHANGHAI], "open", (trade.as_tuple(), world.signed(trade))


def opening_a_batch(world: World, trade: Trade) -> Call:
    return world[SHANGHAI], "open_batch", ([signed_member(trade, world.signed(trade))],)


def holding(world: World, trade: Trade) -> Call:
    return world[LONDON], "hold", (trade.as_tuple(), world.signed_on(trade, LONDON))


def proving(world: World, trade: Trade) -> Call:
    world.open(trade)
    packet = world.packet(LONDON, world.hold(trade).logs)
    return world[SHANGHAI], "prove", prove_arguments(packet, trade, 0)


def proving_a_batch(world: World, trade: Trade) -> Call:
    world.open(trade)
    packet = world.packet(LONDON, world.hold(trade).logs)
    return world[SHANGHAI], "prove_batch", batch_arguments(packet, {world.id_of(trade): trade})


def announcing(world: World, trade: Trade) -> Call:
    world.hold(trade)
    return world[LONDON], "announce", ([world.id_of(trade)],)


def cancelling(world: World, trade: Trade) -> Call:
    return world[SHANGHAI], "cancel", (trade.as_tuple(), world.cancel_signed(trade))


def aborting(world: World, trade: Trade) -> Call:
    world.set_time(trade.decide_by_s + 1)
    return world[SHANGHAI], "abort", (trade.as_tuple(),)


CALLS: dict[str, Callable[[World, Trade], Call]] = {
    "open": opening,
    "open_batch": opening_a_batch,
    "hold": holding,
    "prove": proving,
    "prove_batch": proving_a_batch,
    "announce": announcing,
    "cancel": cancelling,
    "abort": aborting,
}


@pytest.mark.parametrize("call", CALLS)
def test_a_call_does_the_same_whoever_makes_it(world: World, call: str) -> None:
    trade = world.dvp()
    chain, function, arguments = CALLS[call](world, trade)
    effects: list[tuple[tuple[RawLog, ...], Status]] = []
    for who in ANYBODY:
        with chain.evm.undone():
            logs = chain.settlement.transact(function, *arguments, sender=caller(who)).logs
            effects.append((logs, chain.status(world.id_of(trade))))
    assert effects == [effects[0]] * len(ANYBODY)


def test_a_header_is_believed_from_anybody(world: World) -> None:
    trade = world.dvp()
    packet = world[LONDON].prover.packet(world.hold(trade).logs)
    client, header = world[SHANGHAI].clients[LONDON], packet.header
    for who in ANYBODY:
        with world[SHANGHAI].evm.undone():
            client.transact(
                "update", header.header, header.bitmap, header.seals, [], sender=caller(who)
            )
            source = packet.source
            assert client.call("proves", source.height, source.block_hash, source.receipts_root)


@pytest.mark.parametrize("who", [EVE, "relayer"])
def test_what_needs_authority_asks_who_calls(world: World, who: str) -> None:
    trade = world.dvp()
    agent = world[LONDON].settlement
    with refused("legs: not a sender here"):
        agent.transact("refuse", trade.as_tuple(), sender=caller(who))
    with refused("legs: not an authority"):
        agent.transact("object", trade.as_tuple(), sender=caller(who))
    agent.transact("refuse", trade.as_tuple(), sender=caller(BOB))


def test_a_third_party_finishes_a_trade_from_the_chains_alone(world: World) -> None:
    """Terms are emitted in full once by open and hold: with them and public proofs, all is said."""
    original = world.dvp(units=10, price=500)
    opened, held = world.open(original), world.hold(original)
    trade = emitted(opened.events, "Opened")
    assert trade == emitted(held.events, "Held") == original
    decision = world.prove(world.packet(LONDON, held.logs), trade, SHANGHAI)
    world.prove(world.packet(SHANGHAI, decision.logs), trade, LONDON)
    assert balance(world[SHANGHAI].security, BOB) == UNITS + 10
    assert balance(world[LONDON].cash, ALICE) == CASH + 500


def emitted(events: tuple[Event, ...], name: str) -> Trade:
    """The terms in a log."""
    ((legs, hub_chain_id, hub, prepare_by_s, decide_by_s, uti),) = [
        event.fields["trade"] for event in events if event.name == name
    ]
    return Trade(
        legs=tuple(
            Leg(
                ChainId(chain_id),
                agent=unhexed(agent),
                token=unhexed(token),
                sender=unhexed(sender),
                receiver=unhexed(receiver),
                amount_minor=amount,
            )
            for chain_id, agent, token, sender, receiver, amount in legs
        ),
        hub_chain_id=ChainId(hub_chain_id),
        hub=unhexed(hub),
        prepare_by_s=prepare_by_s,
        decide_by_s=decide_by_s,
        uti=UtiWord(uti),
    )


def unhexed(text: str) -> Address:
    return Address(bytes.fromhex(text[2:]))
