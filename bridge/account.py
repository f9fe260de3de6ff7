"""An account that signs its own transactions, without web3."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from bridge.model import Address, ChainId
from chains.keys import ORDER, address_of
from chains.transactions import sign_transaction


@dataclass(frozen=True)
class Account:
    """A key and the address it controls."""

    key: bytes

    @classmethod
    def derive(cls, seed: int, name: str) -> Account:
        """The account of a named role in the run with this seed: SHA-256(seed|name) as the key."""
        digest = hashlib.sha256(f"{seed}|{name}".encode()).digest()
        return cls((int.from_bytes(digest, "big") % (ORDER - 1) + 1).to_bytes(32, "big"))

    @cached_property
    def address(self) -> Address:
        """The 20-byte address."""
        return Address(address_of(self.key))

    def sign(
        self,
        chain_id: ChainId,
        nonce: int,
        to: bytes | None,
        data: bytes,
        gas_limit: int,
        max_fee_per_gas: int = 0,
    ) -> bytes:
        """A signed transaction without a tip, ready to submit; ``to`` None deploys."""
        return sign_transaction(
            self.key,
            chain_id=chain_id,
            nonce=nonce,
            to=to,
            data=data,
            gas_limit=gas_limit,
            max_fee_per_gas=max_fee_per_gas,
        )
