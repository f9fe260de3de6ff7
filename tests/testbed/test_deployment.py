"""Everything is deployed where it was planned, bound to what it must be bound to, and minted."""

from __future__ import annotations

import pytest

from bridge import abi
from bridge.deployed import DeployedChain
from bridge.errors import InternalError
from bridge.events import BlockProduced, ContractDeployed, PositionRecorded, RunStarted, When
from bridge.testbed import deployment as deploying
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import World, validator_keys
from chains.engine import Call
from chains.keys import address_of, keccak
from contracts import artifacts
from tests.support.runs import PVP, events, scenario


@pytest.fixture(scope="module")
def testbed() -> Testbed:
    return Testbed.from_scenario(load_scenario("dvp"))


def read(testbed: Testbed, chain: str, to: bytes, signature: str, *arguments: bytes) -> abi.Reader:
    data = abi.selector(signature) + abi.join(arguments)
    return abi.Reader(testbed.world.engines[chain].call(Call(to=to, data=data)))


@pytest.mark.parametrize("chain", ["shanghai", "london"])
def test_every_contract_stands_where_it_was_planned(testbed: Testbed, chain: str) -> None:
    deployed = testbed.deployment.chains[chain]
    engine = testbed.world.engines[chain]
    planned = {
        "receipt_verifier": deployed.verifier,
        "identity_registry": deployed.registry,
        "settlement": deployed.settlement,
        **{f"light_client/{n}": deployed.clients[c.chain_id] for n, c in others(testbed, chain)},
        **deployed.tokens,
    }
    journalled = {e.name: e for _, e in events(testbed, ContractDeployed) if e.chain == chain}
    assert {name: e.address for name, e in journalled.items()} == planned
    for event in journalled.values():
        assert event.code_hash == keccak(engine.code(event.address))


def others(testbed: Testbed, chain: str) -> list[tuple[str, DeployedChain]]:
    return [(name, other) for name, other in testbed.deployment.chains.items() if name != chain]


@pytest.mark.parametrize("chain", ["shanghai", "london"])
def test_settlement_is_bound_to_its_clients_and_tokens_to_settlement(
    testbed: Testbed, chain: str
) -> None:
    deployed = testbed.deployment.chains[chain]
    for _, other in others(testbed, chain):
        client = deployed.clients[other.chain_id]
        bound = read(
            testbed, chain, deployed.settlement, "client_of(uint256)", abi.word(other.chain_id)
        )
        assert bound.account(0) == client
        assert read(testbed, chain, client, "chain_id()").integer(0) == other.chain_id
        assert read(testbed, chain, client, "genesis_hash()").bytes32(0) == other.genesis_hash
    for token in deployed.tokens.values():
        assert read(testbed, chain, token, "notary()").account(0) == deployed.settlement


def test_our_salt_is_the_contracts_own(testbed: Testbed) -> None:
    for name, chain in testbed.deployment.chains.items():
        salt = read(testbed, name, chain.settlement, "domain_salt()").bytes32(0)
        assert salt == testbed.deployment.salt


def test_tokens_have_the_code_that_settlement_serves(testbed: Testbed) -> None:
    served = {artifacts.load(name).code_hash for name in ("cash_token", "security_token")}
    for name, chain in testbed.deployment.chains.items():
        engine = testbed.world.engines[name]
        assert {keccak(engine.code(token)) for token in chain.tokens.values()} == served


def test_participants_are_verified_and_strangers_are_not(testbed: Testbed) -> None:
    chain = testbed.deployment.chains["london"]
    check = "is_verified(address)"
    thames = abi.address(testbed.world.accounts["thames"].address)
    assert read(testbed, "london", chain.registry, check, thames).integer(0) == 1
    stranger = abi.address(b"\x77" * 20)
    assert read(testbed, "london", chain.registry, check, stranger).integer(0) == 0


def test_opening_positions_are_what_the_scenario_says(testbed: Testbed) -> None:
    recorded = [e for _, e in events(testbed, PositionRecorded) if e.when is When.OPENING]
    wanted = {(p.participant, p.instrument): p.amount for p in testbed.world.scenario.positions}
    assert len(recorded) == 4 * 4
    for event in recorded:
        assert event.balance == wanted.get((event.participant, event.instrument), 0)
        assert event.held == 0


def test_setting_up_takes_few_blocks_and_no_virtual_time(testbed: Testbed) -> None:
    blocks = [(at, e) for at, e in events(testbed, BlockProduced)]
    assert len(blocks) <= 3 * 2
    started = events(testbed, RunStarted)[0][1]
    assert all(at == 0 and e.timestamp_s < started.epoch_s for at, e in blocks)


def test_addresses_follow_from_the_seed() -> None:
    plans = [deploying.plan(World.build(scenario(PVP), seed, "pyevm")) for seed in (1, 1, 2)]
    assert plans[0] == plans[1]
    assert plans[0].chains["london"].settlement != plans[2].chains["london"].settlement


def test_no_two_chains_share_a_validator() -> None:
    keys = [validator_keys(1, name, 4) for name in ("shanghai", "london")]
    assert not {address_of(k) for k in keys[0]} & {address_of(k) for k in keys[1]}


def test_a_setup_that_fails_is_our_own_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploying, "SETUP_GAS", 22_000)
    with pytest.raises(InternalError, match="shanghai: setup failed"):
        Testbed.from_scenario(scenario(PVP))


def test_an_unknown_chain_id_has_no_deployment(testbed: Testbed) -> None:
    with pytest.raises(KeyError):
        testbed.deployment.by_id(testbed.deployment.chains["london"].chain_id.__class__(7))
