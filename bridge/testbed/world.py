"""The chains of a run and the accounts on them, all derived from the run's seed."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass

from bridge.account import Account
from bridge.errors import EngineUnavailable
from bridge.model import Address, ChainId
from bridge.testbed.scenario import Chain, Scenario
from chains.config import ChainConfig, Fees
from chains.engine import Engine
from chains.selection import Choice, EngineMissing, EngineName, choose

SETUP_SPAN_S = 600
"""How long before virtual time zero the chains begin: room for the blocks of the setup."""

OPERATOR = "operator"
ISSUER = "issuer"
RELAYER = "relayer"
ROLES = (OPERATOR, ISSUER, RELAYER)

FUNDS_WEI = 10**24
MAX_FEE_PER_GAS = 10**12  # far above any base fee that a run can reach


def validator_keys(seed: int, chain: str, count: int, first: int = 0) -> tuple[bytes, ...]:
    """Validators of a chain, in the order they come to serve; no two chains share a key."""
    serving = range(first, first + count)
    return tuple(Account.derive(seed, f"validator/{chain}/{i}").key for i in serving)


def stream(seed: int, name: str) -> random.Random:
    """A random stream of its own for each purpose, so that a new one leaves the others alone."""
    return random.Random(int.from_bytes(hashlib.sha256(f"{seed}|{name}".encode()).digest()))


@dataclass(frozen=True, slots=True)
class World:
    """The engines, in the scenario's order, and who acts on them."""

    seed: int
    scenario: Scenario
    engines: Mapping[str, Engine]
    accounts: Mapping[str, Account]  # by role or participant
    engine: Choice

    @classmethod
    def build(cls, scenario: Scenario, seed: int, engine: str) -> World:
        """Start every chain at its genesis. Raises EngineUnavailable."""
        choice = _choice(engine)
        names = (*ROLES, *scenario.participants)
        accounts = {name: Account.derive(seed, f"account/{name}") for name in names}
        engines = {
            name: choice.make(_config(scenario, seed, name, chain, accounts))
            for name, chain in scenario.chains.items()
        }
        return cls(seed, scenario, engines, accounts, choice)

    def chain_id(self, chain: str) -> ChainId:
        """The id of a named chain."""
        return ChainId(self.scenario.chains[chain].chain_id)

    def max_fee_per_gas(self, chain: str) -> int:
        """What our transactions offer; nothing on a chain without fees."""
        return 0 if self.scenario.chains[chain].fees == "zero" else MAX_FEE_PER_GAS

    def name_of(self, account: Address) -> str:
        """Whose account this is; its hexadecimal form for a stranger's."""
        found = (name for name, known in self.accounts.items() if known.address == account)
        return next(found, f"0x{account.hex()}")


def _config(
    scenario: Scenario, seed: int, name: str, chain: Chain, accounts: Mapping[str, Account]
) -> ChainConfig:
    is_free = chain.fees == "zero"
    return ChainConfig(
        chain_id=chain.chain_id,
        validators=validator_keys(seed, name, chain.validators),
        balances={} if is_free else {a.address: FUNDS_WEI for a in accounts.values()},
        genesis_timestamp_s=scenario.start_s - SETUP_SPAN_S,
        fees=Fees.ZERO if is_free else Fees.EIP1559,
        finality_lag_blocks=chain.finality_lag,
    )


def _choice(engine: str) -> Choice:
    if engine not in [*EngineName]:
        known = ", ".join(EngineName)
        message = f"there is no engine {engine!r}"
        raise EngineUnavailable("E-ENVIRONMENT-ENGINE-UNKNOWN", message, hint=known)
    try:
        return choose(EngineName(engine))
    except EngineMissing as error:
        message = f"the engine {engine} does not work here: {error}"
        raise EngineUnavailable(
            "E-ENVIRONMENT-ENGINE-MISSING", message, hint="--engine auto"
        ) from error
