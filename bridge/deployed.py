"""Where our contracts are: the addresses that bind one world of chains together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.eip712 import domain_salt
from bridge.model import Address, ChainId


@dataclass(frozen=True, slots=True)
class DeployedChain:
    """The contracts of one chain; ``clients`` by the chain they follow, ``tokens`` by code."""

    name: str
    chain_id: ChainId
    genesis_hash: bytes
    settlement: Address
    verifier: Address
    registry: Address
    clients: Mapping[ChainId, Address]
    tokens: Mapping[str, Address]


@dataclass(frozen=True, slots=True)
class Deployment:
    """All chains of a run, by their scenario names, in the scenario's order."""

    chains: Mapping[str, DeployedChain]
    salt: bytes = field(init=False, compare=False)
    """The salt of every EIP-712 domain of this world."""
    _by_id: Mapping[ChainId, DeployedChain] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {chain.chain_id: chain for chain in self.chains.values()}
        salt = domain_salt({chain_id: chain.genesis_hash for chain_id, chain in by_id.items()})
        object.__setattr__(self, "salt", salt)
        object.__setattr__(self, "_by_id", by_id)

    def by_id(self, chain_id: ChainId) -> DeployedChain:
        """The chain with this id. Raises KeyError."""
        return self._by_id[chain_id]
