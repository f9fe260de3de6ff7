"""Where our contracts are: the addresses that bind one world of chains together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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

    @property
    def salt(self) -> bytes:
        """The salt of every EIP-712 domain of this world."""
        return domain_salt({chain.chain_id: chain.genesis_hash for chain in self.chains.values()})

    def by_id(self, chain_id: ChainId) -> DeployedChain:
        """The chain with this id. Raises KeyError."""
        found = next((c for c in self.chains.values() if c.chain_id == chain_id), None)
        if found is None:
            raise KeyError(chain_id)
        return found
