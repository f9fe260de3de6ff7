"""Rule 7: settlement believes what a quorum sealed, and nothing after a contradiction.

The light client's own tests are in tests/contracts/proofs; these show what it is worth to a trade.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.model import Packet, SealedHeader, Status, Trade
from chains.consensus import ValidatorSet
from chains.headers import Header
from tests.support.refusals import refused
from tests.support.sealed_headers import sealed, validator_set
from tests.support.settlement_world import LONDON, SHANGHAI, World


@pytest.fixture
def trade(world: World) -> Trade:
    """Open on Shanghai; nothing is held on London, whatever London's validators may say."""
    trade = world.dvp()
    world.open(trade)
    return trade


@pytest.fixture
def packet(world: World, trade: Trade) -> Packet:
    """A proof that London holds; its header has not been brought yet."""
    return world[LONDON].prover.packet(world.hold(trade).logs)


def sealed_by(packet: Packet, keys: tuple[bytes, ...], listed: ValidatorSet) -> SealedHeader:
    """The packet's header, listing a set and sealed by some of it."""
    head = Header.decode(packet.header.header)
    extra = replace(head.extra, validators=listed.addresses)
    again = sealed(head.with_extra(extra), keys)
    return replace(packet.header, header=again.header, bitmap=again.bitmap, seals=again.seals)


def test_a_header_with_a_quorum_lets_a_packet_prove(
    world: World, trade: Trade, packet: Packet
) -> None:
    own = world[LONDON].prover.validators
    world[SHANGHAI].believe(sealed_by(packet, own.keys[:3], own))
    world.prove(packet, trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.COMMITTED


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_header_below_the_quorum_proves_nothing(
    world: World, trade: Trade, packet: Packet, count: int
) -> None:
    own = world[LONDON].prover.validators
    with refused("client: too few seals"):
        world[SHANGHAI].believe(sealed_by(packet, own.keys[:count], own))
    with refused("settlement: header not proven"):
        world.prove(packet, trade, SHANGHAI)


def test_a_set_that_the_trusted_one_did_not_vote_in_proves_nothing(
    world: World, trade: Trade, packet: Packet
) -> None:
    own, usurpers = world[LONDON].prover.validators, validator_set(91, 92, 93, 94)
    trusted = ["0x" + address.hex() for address in own.addresses]
    header = sealed_by(packet, usurpers.keys, usurpers)
    with refused("client: too few trusted seals"):
        world[SHANGHAI].clients[LONDON].transact(
            "update", header.header, header.bitmap, header.seals, trusted
        )
    with refused("settlement: header not proven"):
        world.prove(packet, trade, SHANGHAI)


def test_another_block_at_a_known_height_freezes_the_client_for_good(
    world: World, trade: Trade, packet: Packet
) -> None:
    world.carried(packet)
    contradiction = world[LONDON].prover.contradiction(packet)
    outcome = world[SHANGHAI].believe(contradiction)
    assert [event.name for event in outcome.events] == ["Frozen"]
    with refused("settlement: header not proven"):
        world.prove(packet, trade, SHANGHAI)
    with refused("client: frozen"):
        world.announced(LONDON, trade)
    assert world.status(trade, SHANGHAI) is Status.OPEN


def test_the_same_block_sealed_in_another_round_freezes_nothing(
    world: World, trade: Trade, packet: Packet
) -> None:
    world.carried(packet)
    own = world[LONDON].prover.validators
    head = Header.decode(packet.header.header)
    later = sealed(head.with_extra(replace(head.extra, round_number=3)), own.keys[1:])
    world[SHANGHAI].believe(
        replace(packet.header, header=later.header, bitmap=later.bitmap, seals=later.seals)
    )
    world.prove(packet, trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.COMMITTED


def test_a_frozen_client_of_one_chain_leaves_others_at_work(world: World) -> None:
    trade = world.dvp(hub=LONDON)
    decision = world.commit(trade)
    world.freeze(SHANGHAI, on=LONDON)
    world.prove(decision, trade, SHANGHAI)
    assert world.status(trade, SHANGHAI) is Status.EXECUTED
