"""What a chain is, fixed at its genesis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from chains.consensus import ValidatorSet
from chains.headers import EMPTY_TRIE_ROOT, Header

INITIAL_BASE_FEE = 1_000_000_000  # EIP-1559
ELASTICITY = 2
BASE_FEE_CHANGE_DENOMINATOR = 8
CODE_LIMIT_BYTES = 24_576  # EIP-170
INITCODE_LIMIT_BYTES = 2 * CODE_LIMIT_BYTES  # EIP-3860


class BadChainConfig(ValueError):
    """A chain that cannot be built."""


class Fees(Enum):
    """What a transaction pays: nothing (base fee pinned at 0), or by EIP-1559."""

    ZERO = "zero"
    EIP1559 = "eip1559"


@dataclass(frozen=True, slots=True)
class ChainConfig:
    """A QBFT chain under Shanghai rules.

    ``limit_contract_code`` is off only for test builds whose unoptimised contracts exceed EIP-170.
    """

    chain_id: int
    validators: tuple[bytes, ...]  # 32-byte private keys
    balances: Mapping[bytes, int] = field(default_factory=dict)  # wei at genesis, by address
    genesis_timestamp_s: int = 1_700_000_000
    gas_limit: int = 30_000_000
    fees: Fees = Fees.ZERO
    finality_lag_blocks: int = 0
    limit_contract_code: bool = True

    def __post_init__(self) -> None:
        if self.chain_id < 1 or self.gas_limit < 21_000:
            raise BadChainConfig("a chain id is positive, and a block holds a transaction")
        if self.finality_lag_blocks < 0 or self.genesis_timestamp_s < 0:
            raise BadChainConfig("neither the finality lag nor the genesis time is negative")
        if any(len(account) != 20 or wei < 0 for account, wei in self.balances.items()):
            raise BadChainConfig("genesis balances are by 20-byte address, and not negative")
        ValidatorSet.of(self.validators)

    def refuses_initcode(self, to: bytes | None, data: bytes) -> bool:
        """Whether a deployment is too large to begin (EIP-3860)."""
        return to is None and self.limit_contract_code and len(data) > INITCODE_LIMIT_BYTES

    def genesis(self, state_root: bytes) -> Header:
        """The genesis header over a state."""
        validators = ValidatorSet.of(self.validators)
        return Header(
            parent_hash=b"\x00" * 32,
            coinbase=b"\x00" * 20,
            state_root=state_root,
            height=0,
            gas_limit=self.gas_limit,
            timestamp_s=self.genesis_timestamp_s,
            extra_data=validators.extra_data(),
            base_fee_per_gas=0 if self.fees is Fees.ZERO else INITIAL_BASE_FEE,
            withdrawals_root=EMPTY_TRIE_ROOT,
        )

    def base_fee_after(self, parent: Header) -> int:
        """The base fee of the block that follows ``parent``."""
        return 0 if self.fees is Fees.ZERO else _eip1559_base_fee(parent)


def _eip1559_base_fee(parent: Header) -> int:
    fee = parent.base_fee_per_gas or 0
    target = parent.gas_limit // ELASTICITY
    change = fee * abs(parent.gas_used - target) // target // BASE_FEE_CHANGE_DENOMINATOR
    if parent.gas_used > target:
        return fee + max(change, 1)
    return fee - change
