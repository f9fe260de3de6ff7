"""Sign a digest and find who signed one, as the contracts' ecrecover does.

Nonces are deterministic (RFC 6979), so the same run signs the same bytes. Signing is what
participants do with keys of their own; nothing in the relayer imports this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from coincurve import PrivateKey, PublicKey

from bridge.errors import InternalError
from bridge.model import Address, Signature
from chains.keys import keccak

CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
HALF_ORDER = CURVE_ORDER // 2


def sign(key: bytes, digest: bytes) -> Signature:
    """Sign a 32-byte digest with a 32-byte private key; s is always low (EIP-2)."""
    packed = _private(key).sign_recoverable(digest, hasher=None)
    return Signature(
        v=27 + packed[64],
        r=int.from_bytes(packed[:32], "big"),
        s=int.from_bytes(packed[32:64], "big"),
    )


def sign_all(
    keys: Mapping[Address, bytes], parties: Iterable[Address], digest: bytes
) -> tuple[Signature, ...]:
    """The signatures of these parties, in their order. Raises InternalError without a key."""
    signatures = []
    for party in parties:
        if party not in keys:
            raise InternalError("E-INTERNAL-NO-KEY", f"there is no key for 0x{party.hex()}")
        signatures.append(sign(keys[party], digest))
    return tuple(signatures)


def recover(digest: bytes, signature: Signature) -> Address | None:
    """Who signed; None for what contracts refuse: v not 27 or 28, r or s out of range, high s."""
    if signature.v not in (27, 28):
        return None
    if not (0 < signature.r < CURVE_ORDER and 0 < signature.s <= HALF_ORDER):
        return None
    packed = signature.r.to_bytes(32, "big") + signature.s.to_bytes(32, "big")
    try:
        key = PublicKey.from_signature_and_message(
            packed + bytes([signature.v - 27]), digest, hasher=None
        )
    except ValueError:
        return None
    return _address_of(key)


def address_of(key: bytes) -> Address:
    """The account of a 32-byte private key."""
    return _address_of(_private(key).public_key)


@lru_cache(maxsize=4096)
def _private(key: bytes) -> PrivateKey:
    return PrivateKey(key)


def _address_of(key: PublicKey) -> Address:
    return Address(keccak(key.format(compressed=False)[1:])[12:])
