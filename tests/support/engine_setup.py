"""Our contracts on a fresh chain, bound to the other chains, and rich people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from bridge import contract_calls
from bridge.deployed import DeployedChain
from bridge.model import Address, ChainId
from chains.consensus import ValidatorSet
from chains.transactions import contract_address
from contracts.artifacts import Artifact, load
from tests.support.engine_chain import DEPLOY_GAS, EngineChain, creation, validator_keys
from tests.support.people import AUTHORITY, ISSUER, PEOPLE, REGISTRAR, account

CASH, UNITS = 1_000_000, 1_000  # what everybody has on every chain
COUNTRY = 156
HOLDING_LIMIT = 2**80


def set_up(
    chain: EngineChain, genesis: Mapping[ChainId, bytes], served: Sequence[Artifact]
) -> None:
    """Deploy everything; the addresses are known before, and are the same on every chain."""
    plan = (Address(contract_address(account(ISSUER), nonce)) for nonce in count())
    chain.verifier, chain.registry = next(plan), next(plan)
    chain.clients = {other: next(plan) for other in sorted(genesis) if other != chain.chain_id}
    chain.cash, chain.security, chain.settlement = next(plan), next(plan), next(plan)
    for data in _contracts(chain, genesis, served):
        chain.queue(ISSUER, None, data, DEPLOY_GAS)
    for name in PEOPLE:
        register = contract_calls.register(account(name), COUNTRY)
        chain.queue(REGISTRAR, chain.registry, register)
    for token, amount in ((chain.cash, CASH), (chain.security, UNITS)):
        chain.queue(ISSUER, token, contract_calls.set_notary(chain.settlement))
        for name in PEOPLE:
            chain.queue(ISSUER, token, contract_calls.mint(account(name), amount))
    while chain.engine.pending_transactions():
        assert all(receipt.is_success for receipt in chain.mine().receipts)


def deployed(chain: EngineChain) -> DeployedChain:
    """Where everything is, for a courier."""
    return DeployedChain(
        name=str(chain.chain_id),
        chain_id=chain.chain_id,
        genesis_hash=chain.engine.genesis_hash,
        settlement=chain.settlement,
        verifier=chain.verifier,
        registry=chain.registry,
        clients=chain.clients,
        tokens={"cash": chain.cash, "security": chain.security},
    )


def _contracts(
    chain: EngineChain, genesis: Mapping[ChainId, bytes], served: Sequence[Artifact]
) -> Iterator[bytes]:
    """In the order of the addresses."""
    issuer, authority = account(ISSUER), account(AUTHORITY)
    build = chain.build
    yield creation(load("receipt_verifier", build))
    yield creation(load("identity_registry", build), account(REGISTRAR))
    for other in chain.clients:
        trusted = ValidatorSet.of(validator_keys(other)).addresses
        yield creation(load("light_client", build), other, genesis[other], 0, trusted)
    yield creation(load("cash_token", build), "Cash", "CSH", 2, issuer, authority)
    rules = (chain.registry, issuer, authority, HOLDING_LIMIT)
    yield creation(load("security_token", build), "Bond", "BND", "CND100000000", *rules)
    peers = [(other, genesis[other], client) for other, client in chain.clients.items()]
    codes = [artifact.code_hash for artifact in served]
    yield creation(load("settlement", build), chain.verifier, genesis[chain.chain_id], peers, codes)
