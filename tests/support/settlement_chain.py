"""One chain on a bare EVM: settlement, the light clients that it believes, tokens, rich people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bridge.model import Address, ChainId, SealedHeader, Status
from chains.keys import keccak
from contracts.artifacts import Artifact, Optimize, load, load_file
from tests.support import bare_evm
from tests.support.bare_evm import BareEvm, Contract
from tests.support.people import AUTHORITY, ISSUER, PEOPLE, REGISTRAR, account, caller, hexed
from tests.support.sealed_headers import validator_set
from tests.support.settlement_prover import Prover

CASH, UNITS = 1_000_000, 1_000  # what everybody has on every chain
HOSTILE = Path(__file__).resolve().parents[1] / "contracts" / "hostile"


def hostile(name: str, build: Optimize = "gas") -> Artifact:
    """A contract written to do harm."""
    return load_file(HOSTILE / f"{name}.vy", build)


@dataclass(slots=True)
class Chain:
    """One chain: its settlement contract, the clients that it believes, its tokens."""

    chain_id: ChainId
    evm: BareEvm
    prover: Prover
    clients: dict[ChainId, Contract]
    settlement: Contract
    cash: Contract
    security: Contract
    registry: Contract

    @property
    def agent(self) -> Address:
        return address_of(self.settlement)

    def status(self, trade_id: bytes) -> Status:
        return Status(self.settlement.call("status_of", trade_id))

    def pending(self, trade_id: bytes) -> int:
        return int(self.settlement.call("pending_of", trade_id))

    def believe(self, header: SealedHeader) -> bare_evm.Outcome:
        """Bring a header of another chain."""
        client = self.clients[header.chain_id]
        return client.transact("update", header.header, header.bitmap, header.seals, [])


def address_of(contract: Contract) -> Address:
    """A contract's address as terms write it."""
    return Address(bytes.fromhex(contract.address[2:]))


def balance(token: Contract, name: str) -> int:
    return int(token.call("balanceOf", account(name)))


def held(token: Contract, name: str) -> int:
    return int(token.call("held_of", account(name)))


def new_prover(chain: ChainId) -> Prover:
    """The validators of a chain, before its first block."""
    return Prover(
        chain_id=chain,
        genesis_hash=keccak(b"genesis %d" % chain),
        validators=validator_set(*range(chain * 10, chain * 10 + 4)),
    )


def deploy_chain(
    build: Optimize,
    chain_id: ChainId,
    provers: Mapping[ChainId, Prover],
    codes: Sequence[bytes],
    deployer: str,
) -> Chain:
    """A chain whose settlement contract serves tokens with these code hashes."""
    evm = BareEvm(chain_id)
    new = partial(evm.deploy, sender=deployer)
    verifier = new(load("receipt_verifier", build))
    client = load("light_client", build)
    clients = {
        other: new(
            client, other, prover.genesis_hash, 1, list(map(hexed, prover.validators.addresses))
        )
        for other, prover in sorted(provers.items())
        if other != chain_id
    }
    peers = [(c, provers[c].genesis_hash, contract.address) for c, contract in clients.items()]
    settlement = new(
        load("settlement", build),
        verifier.address,
        provers[chain_id].genesis_hash,
        peers,
        codes,
    )
    registry = new(load("identity_registry", build), caller(REGISTRAR))
    chain = Chain(
        chain_id=chain_id,
        evm=evm,
        prover=provers[chain_id],
        clients=clients,
        settlement=settlement,
        cash=new(load("cash_token", build), "Cash", "CSH", 2, caller(ISSUER), caller(AUTHORITY)),
        security=new(
            load("security_token", build),
            "Bond",
            "BND",
            "CND100000000",
            registry.address,
            caller(ISSUER),
            caller(AUTHORITY),
            0,
        ),
        registry=registry,
    )
    _endow(chain)
    return chain


def _endow(chain: Chain) -> None:
    """Everybody is verified and owns both assets; the settlement contract is the notary."""
    for name in PEOPLE:
        chain.registry.transact("register", account(name), 156, sender=caller(REGISTRAR))
    for token, amount in ((chain.cash, CASH), (chain.security, UNITS)):
        token.transact("set_notary", chain.settlement.address, sender=caller(ISSUER))
        for name in PEOPLE:
            token.transact("mint", account(name), amount, sender=caller(ISSUER))
