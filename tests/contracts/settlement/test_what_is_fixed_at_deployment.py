"""Peers, their clients and the served tokens are written by the constructor and by nothing else."""

from __future__ import annotations

import pytest

from bridge.eip712 import domain_salt
from bridge.model import ChainId
from contracts.artifacts import Optimize, load
from tests.support.bare_evm import BareEvm, Contract
from tests.support.people import ALICE, BOB, account
from tests.support.refusals import WITHOUT_REASON, refused
from tests.support.settlement_world import LONDON, SHANGHAI, ZURICH, World

OWN, CLIENT = b"\x0a" * 32, "0x" + "c1" * 20
NOBODY = "0x" + "00" * 20
Peer = tuple[int, bytes, str]


def genesis(chain: int) -> bytes:
    return chain.to_bytes(32, "big")


def peer(chain: int) -> Peer:
    return chain, genesis(chain), CLIENT


def deploy(build: Optimize, peers: list[Peer], own: bytes = OWN, codes: int = 1) -> Contract:
    evm = BareEvm(SHANGHAI)
    hashes = [bytes((i,)) * 32 for i in range(codes)]
    return evm.deploy(load("settlement", build), CLIENT, own, peers, hashes)


@pytest.mark.parametrize(
    "others",
    [
        (),
        (1,),
        (1002,),
        (1, 1002),
        (1, 2, 3, 1002, 1003, 1004, 2**200),
    ],
)
def test_the_salt_is_the_bridges(build: Optimize, others: tuple[int, ...]) -> None:
    contract = deploy(build, [peer(chain) for chain in others])
    hashes = {ChainId(chain): genesis(chain) for chain in others} | {SHANGHAI: OWN}
    assert contract.call("domain_salt") == domain_salt(hashes)


def test_all_chains_of_a_world_have_one_salt(build: Optimize) -> None:
    world = World.of(build, (SHANGHAI, LONDON, ZURICH))
    for chain in world.chains.values():
        assert chain.settlement.call("domain_salt") == world.salt


def test_a_world_with_another_genesis_has_another_salt(build: Optimize) -> None:
    one, other = deploy(build, [peer(7)]), deploy(build, [(7, genesis(8), CLIENT)])
    assert one.call("domain_salt") != other.call("domain_salt")


def test_each_peer_has_its_client_and_nobody_else_has_one(world: World) -> None:
    here = world[SHANGHAI]
    assert here.settlement.call("client_of", LONDON) == here.clients[LONDON].address.lower()
    for stranger in (0, SHANGHAI, ZURICH, 2**256 - 1):
        assert here.settlement.call("client_of", stranger) == NOBODY


@pytest.mark.parametrize(
    "others", [(1003, 1002), (1002, 1002), (0,), (1001,), (1000, 1001), (1001, 1002)]
)
def test_peers_stand_in_ascending_order_without_this_chain(
    build: Optimize, others: tuple[int, ...]
) -> None:
    with refused("peers: not in ascending order"):
        deploy(build, [peer(chain) if chain else (0, OWN, CLIENT) for chain in others])


@pytest.mark.parametrize(
    ("peers", "own"),
    [
        ([(7, bytes(32), CLIENT)], OWN),
        ([(7, genesis(7), NOBODY)], OWN),
        ([peer(7)], bytes(32)),
    ],
)
def test_a_peer_has_a_genesis_and_a_client(build: Optimize, peers: list[Peer], own: bytes) -> None:
    with refused("peers: zero value"):
        deploy(build, peers, own)


@pytest.mark.parametrize(("peers", "codes"), [(8, 1), (1, 9)])
def test_there_are_at_most_seven_peers_and_eight_token_codes(
    build: Optimize, peers: int, codes: int
) -> None:
    with refused(WITHOUT_REASON):
        deploy(build, [peer(chain) for chain in range(1, peers + 1)], codes=codes)
    deploy(build, [peer(chain) for chain in range(1, 8)], codes=8)


def test_a_token_whose_code_is_not_on_the_list_is_not_served(world: World) -> None:
    here = world[LONDON]
    stranger = here.evm.deploy(load("identity_registry", "gas"), "0x" + account(ALICE).hex())
    for token in (stranger.address, "0x" + account(BOB).hex()):
        trade = world.trade(
            world.leg(LONDON, Contract(here.evm, token, stranger.artifact), ALICE, "carol")
        )
        with refused("legs: token not served"):
            world.hold(trade)


def test_a_token_whose_code_is_on_the_list_is_served(world: World) -> None:
    trade = world.trade(world.leg(LONDON, world[LONDON].cash, ALICE, BOB))
    world.hold(trade)


def test_nothing_can_be_changed_afterwards(build: Optimize) -> None:
    """There is no function that sets, adds, removes, upgrades or owns."""
    functions = {f["name"] for f in load("settlement", build).abi if f["type"] == "function"}
    assert functions == {
        *("open", "open_batch", "hold", "hold_batch", "prove", "prove_batch", "learn"),
        *("refuse", "object", "cancel", "abort", "resolve", "deliver", "announce"),
        *("trade_id", "status_of", "pending_of", "reference_used", "client_of", "domain_salt"),
    }


def test_the_deployed_contract_fits_the_limit_of_real_chains() -> None:
    contract = deploy("gas", [peer(chain) for chain in range(1, 8)], codes=8)
    code = contract.evm.evm.get_code(contract.address)
    assert code is not None
    assert len(bytes(code)) <= 24_576
