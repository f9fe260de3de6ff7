"""The light client and the receipt verifier as tests talk to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chains.headers import Header, SealedHeader, block_hash
from contracts.artifacts import Optimize, load
from tests.support.bare_evm import BareEvm, Contract, Outcome, Reverted
from tests.support.receipts import Claim, Proven

CHAIN_ID = 7
GENESIS_HASH = bytes.fromhex("9e" * 32)


@dataclass(frozen=True, slots=True)
class Verifier:
    """A deployed receipt verifier."""

    contract: Contract

    @classmethod
    def deploy(cls, build: Optimize) -> Verifier:
        return cls(BareEvm().deploy(load("receipt_verifier", build)))

    def verify(self, claim: Claim) -> Proven:
        """Raises Reverted."""
        return Proven(*self.contract.call("verify", *arguments(claim)))

    def refusal(self, claim: Claim) -> str | None:
        """Why a claim is refused; None when it is accepted."""
        return _reason(lambda: self.verify(claim))


@dataclass(frozen=True, slots=True)
class Client:
    """A deployed light client."""

    contract: Contract

    @classmethod
    def deploy(
        cls,
        build: Optimize,
        validators: Sequence[bytes],
        height: int = 0,
        genesis_hash: bytes = GENESIS_HASH,
        chain_id: int = CHAIN_ID,
    ) -> Client:
        """Raises Reverted."""
        arguments = (chain_id, genesis_hash, height, _accounts(validators))
        return cls(BareEvm().deploy(load("light_client", build), *arguments))

    def update(self, packet: SealedHeader, trusted: Sequence[bytes] = ()) -> Outcome:
        """Raises Reverted."""
        arguments = (packet.header, packet.bitmap, packet.seals, _accounts(trusted))
        return self.contract.transact("update", *arguments)

    def refusal(self, packet: SealedHeader, trusted: Sequence[bytes] = ()) -> str | None:
        """Why a header is refused; None when it is accepted, and then it stays so."""
        return _reason(lambda: self.update(packet, trusted))

    def proves(self, header: Header) -> bool:
        return self.proves_roots(header.height, block_hash(header), header.receipts_root)

    def proves_roots(self, height: int, hash_of_block: bytes, receipts_root: bytes) -> bool:
        return bool(self.contract.call("proves", height, hash_of_block, receipts_root))

    @property
    def is_frozen(self) -> bool:
        return bool(self.contract.call("frozen"))

    @property
    def trusted_since(self) -> int:
        return int(self.contract.call("trusted_since"))


def _reason(attempt: Callable[[], object]) -> str | None:
    """A refusal has a reason of ours; running out of gas, say, would prove nothing."""
    try:
        attempt()
    except Reverted as reverted:
        if ": " in reverted.reason:
            return reverted.reason
        raise
    return None


def arguments(claim: Claim) -> tuple[bytes, int, int, bytes]:
    """A claim as ``verify`` takes it."""
    return claim.root, claim.tx_index, claim.log_index, claim.proof


def _accounts(addresses: Sequence[bytes]) -> list[str]:
    return ["0x" + address.hex() for address in addresses]
