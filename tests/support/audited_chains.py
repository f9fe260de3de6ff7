"""Chains whose every block an auditor sees, driven by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from unittest.mock import patch

from bridge.account import Account
from bridge.auditor import Auditor, Violation
from bridge.deployed import DeployedChain
from bridge.testbed import deployment as setup
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.world import RELAYER, World
from chains.engine import Block, Engine, Height, Receipt
from chains.headers import Header
from contracts import artifacts
from contracts.artifacts import Artifact, Optimize

GAS, BATCH_GAS = 3_000_000, 9_000_000

Doctor = Callable[[str, Block], Block]


def as_it_is(chain: str, block: Block) -> Block:
    """The doctor who does nothing."""
    return block


class AuditedChains:
    """The scenario's chains with our contracts on them, from their first blocks on."""

    def __init__(self, contracts: Mapping[str, Artifact] | None = None, lag: int = 0) -> None:
        scenario = load_scenario("dvp")
        chains = {n: c.model_copy(update={"finality_lag": lag}) for n, c in scenario.chains.items()}
        self.world = World.build(
            scenario.model_copy(update={"chains": chains}), scenario.seed, "pyevm"
        )
        self.deployment = setup.plan(self.world)
        self.auditor = Auditor()
        self.history: list[tuple[Violation, ...]] = []
        self.now_s = scenario.start_s - 500
        self.relayer = self.world.accounts[RELAYER]
        self.issuer = self.world.accounts["issuer"]
        for chain in self.deployment.chains.values():
            self._watch(chain)
        self._set_up(contracts or {})

    # --- places ---------------------------------------------------------------------------------

    def at(self, chain: str) -> DeployedChain:
        return self.deployment.chains[chain]

    def engine(self, chain: str) -> Engine:
        return self.world.engines[chain]

    @property
    def found(self) -> tuple[Violation, ...]:
        """Everything the auditor has found so far."""
        return tuple(violation for found in self.history for violation in found)

    # --- blocks ---------------------------------------------------------------------------------

    def mine(self, doctor: Doctor = as_it_is) -> tuple[Violation, ...]:
        """A block on every chain, shown to the auditor as the doctor leaves it."""
        self.now_s += 1
        found: list[Violation] = []
        for name, engine in self.world.engines.items():
            block = doctor(name, engine.produce_block(self.now_s))
            found += self.auditor.after_block(engine.chain_id, block, engine.finalized)
        self.history.append(tuple(found))
        return self.history[-1]

    def send(
        self,
        chain: str,
        to: bytes | None,
        data: bytes,
        by: Account | None = None,
        gas_limit: int = GAS,
    ) -> bytes:
        """Queue a transaction and return its hash."""
        account = by or self.relayer
        engine = self.engine(chain)
        nonce = engine.nonce(account.address, pending=True)
        chain_id = self.at(chain).chain_id
        return engine.submit(account.sign(chain_id, nonce, to, data, gas_limit))

    def settle(self, chain: str, data: bytes, by: Account | None = None) -> bytes:
        """Queue a call of the chain's settlement contract."""
        return self.send(chain, self.at(chain).settlement, data, by, BATCH_GAS)

    def receipt(self, chain: str, tx_hash: bytes) -> Receipt:
        receipt = self.engine(chain).receipt(tx_hash)
        assert receipt is not None
        return receipt

    def header(self, chain: str, height: int) -> Header:
        return Header.decode(self.engine(chain).block(Height(height)).header_rlp)

    # --- the beginning --------------------------------------------------------------------------

    def _watch(self, chain: DeployedChain) -> None:
        self.auditor.watch(
            chain.name,
            chain.chain_id,
            chain.settlement,
            {address: code for code, address in chain.tokens.items()},
            chain.clients,
            self.engine(chain.name),
        )

    def _set_up(self, contracts: Mapping[str, Artifact]) -> None:
        load = artifacts.load

        def replaced(name: str, optimize: Optimize = "gas") -> Artifact:
            return (
                replace(contracts[name], name=name) if name in contracts else load(name, optimize)
            )

        with patch.object(artifacts, "load", replaced):
            steps = {
                chain: list(setup.steps(self.world, self.deployment, chain))
                for chain in self.world.engines
            }
        for chain, its_steps in steps.items():
            for step in its_steps:
                self.send(chain, step.to, step.data, step.account, step.gas_limit)
        while any(engine.pending_transactions() for engine in self.world.engines.values()):
            self.mine()
