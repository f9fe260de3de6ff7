"""Put our contracts on every chain and give the participants what they start with.

Addresses follow from the operator's nonces, so all contracts of a chain are known before the first
is deployed and fit in one or two blocks. The settlement contract is bound to its verifier, its
clients and the code of the tokens it serves when it is built; afterwards nothing is left to
initialise but to tell each token its notary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge import abi, contract_calls, proofs
from bridge.account import Account
from bridge.deployed import DeployedChain, Deployment
from bridge.events import Purpose
from bridge.model import Address
from bridge.testbed.scenario import Cash, Instrument, Scenario, Security
from bridge.testbed.world import ISSUER, OPERATOR, World
from chains.engine import Height
from chains.transactions import contract_address
from contracts import artifacts

AMOUNT_MAX = 2**84 - 1
COUNTRY = 826  # ISO 3166-1 numeric; scenarios do not say where a participant is at home
ANCHOR_HEIGHT = 0

GAS_PER_CODE_BYTE = 200
DEPLOY_GAS = 700_000
SETUP_GAS = 150_000


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction of the setup; ``to`` None deploys ``contract``."""

    account: Account
    sender: str
    purpose: Purpose
    to: Address | None
    data: bytes
    gas_limit: int
    contract: str = ""


def plan(world: World) -> Deployment:
    """Where everything will be; compiles what is not compiled yet."""
    artifacts.prepare()
    return Deployment({name: _plan_chain(world, name) for name in world.engines})


def steps(world: World, deployment: Deployment, chain: str) -> Iterator[Step]:
    """The transactions that set up one chain, in order."""
    deployed = deployment.chains[chain]
    operator, issuer = world.accounts[OPERATOR], world.accounts[ISSUER]
    for artifact, label, arguments in _contracts(world, deployment, chain):
        yield _deploy(operator, artifact, label, arguments)
    for address in deployed.tokens.values():
        yield _setup(issuer, ISSUER, address, contract_calls.set_notary(deployed.settlement))
    for name in world.scenario.participants:
        if chain in world.scenario.chains_of(name):
            data = contract_calls.register(world.accounts[name].address, COUNTRY)
            yield _setup(operator, OPERATOR, deployed.registry, data)
    for position in world.scenario.positions:
        token = deployed.tokens.get(position.instrument)
        if token is not None:
            receiver = world.accounts[position.participant].address
            data = contract_calls.mint(receiver, position.amount)
            yield _setup(issuer, ISSUER, token, data)


def instruments_on(scenario: Scenario, chain: str) -> dict[str, Instrument]:
    """The instruments issued on a chain, cash first."""
    return {code: item for code, item in scenario.instruments.items() if item.chain == chain}


def _plan_chain(world: World, chain: str) -> DeployedChain:
    peers = [world.chain_id(name) for name in world.engines if name != chain]
    operator = world.accounts[OPERATOR].address
    addresses = (Address(contract_address(operator, nonce)) for nonce in range(2**16))
    return DeployedChain(
        name=chain,
        chain_id=world.chain_id(chain),
        genesis_hash=world.engines[chain].genesis_hash,
        verifier=next(addresses),
        registry=next(addresses),
        clients={peer: next(addresses) for peer in peers},
        tokens={code: next(addresses) for code in instruments_on(world.scenario, chain)},
        settlement=next(addresses),
    )


def _contracts(
    world: World, deployment: Deployment, chain: str
) -> Iterator[tuple[str, str, Sequence[bytes]]]:
    """Artifact, label and constructor arguments, in the order of ``_plan_chain``."""
    deployed = deployment.chains[chain]
    operator = abi.address(world.accounts[OPERATOR].address)
    yield "receipt_verifier", "receipt_verifier", ()
    yield "identity_registry", "identity_registry", (operator,)
    for peer in deployed.clients:
        other = deployment.by_id(peer)
        yield "light_client", f"light_client/{other.name}", _client_arguments(world, other)
    for code, instrument in instruments_on(world.scenario, chain).items():
        match instrument:
            case Cash():
                yield "cash_token", code, _cash_arguments(world, code, instrument)
            case Security():
                arguments = _security_arguments(world, deployed, code, instrument)
                yield "security_token", code, arguments
    yield "settlement", "settlement", _settlement_arguments(deployment, deployed)


def _client_arguments(world: World, other: DeployedChain) -> tuple[bytes, ...]:
    genesis = world.engines[other.name].block(Height(ANCHOR_HEIGHT))
    validators = proofs.validators_of(genesis.header_rlp)
    return (
        abi.word(other.chain_id),
        other.genesis_hash,
        abi.word(ANCHOR_HEIGHT),
        abi.words([abi.address(validator) for validator in validators]),
    )


def _cash_arguments(world: World, code: str, cash: Cash) -> tuple[bytes, ...]:
    issuer = abi.address(world.accounts[ISSUER].address)
    name, symbol = abi.blob(cash.name.encode()[:64]), abi.blob(code.encode()[:16])
    return name, symbol, abi.word(cash.minor_units), issuer, issuer


def _security_arguments(
    world: World, deployed: DeployedChain, code: str, security: Security
) -> tuple[bytes, ...]:
    issuer = abi.address(world.accounts[ISSUER].address)
    limit = AMOUNT_MAX if security.holding_limit is None else security.holding_limit
    return (
        abi.blob(security.name.encode()[:64]),
        abi.blob(code.encode()[:16]),
        abi.blob(security.isin.encode()),
        abi.address(deployed.registry),
        issuer,
        issuer,
        abi.word(limit),
    )


def _settlement_arguments(deployment: Deployment, deployed: DeployedChain) -> tuple[bytes, ...]:
    peers = [
        abi.word(peer) + deployment.by_id(peer).genesis_hash + abi.address(client)
        for peer, client in sorted(deployed.clients.items())
    ]
    codes = [artifacts.load(name).code_hash for name in ("cash_token", "security_token")]
    return (
        abi.address(deployed.verifier),
        deployed.genesis_hash,
        abi.words(peers),
        abi.words(codes),
    )


def _deploy(operator: Account, artifact: str, label: str, arguments: Sequence[bytes]) -> Step:
    compiled = artifacts.load(artifact)
    gas_limit = DEPLOY_GAS + GAS_PER_CODE_BYTE * len(compiled.bytecode)
    data = compiled.bytecode + abi.join(arguments)
    return Step(operator, OPERATOR, Purpose.DEPLOY, None, data, gas_limit, label)


def _setup(account: Account, sender: str, to: Address, data: bytes) -> Step:
    return Step(account, sender, Purpose.SETUP, to, data, SETUP_GAS)
