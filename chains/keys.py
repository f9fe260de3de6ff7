"""secp256k1 and keccak, as Ethereum uses them: addresses, deterministic signatures, recovery.

libsecp256k1 draws the nonce by RFC 6979, so the same key and digest give the same signature in
every process, and the signature always has a low s.
"""

from __future__ import annotations

from functools import lru_cache

from coincurve import PrivateKey, PublicKey
from eth_hash.backends.pysha3 import backend

__all__ = ["ORDER", "BadSignature", "address_of", "keccak", "recover", "sign_digest"]

keccak = backend.keccak256  # as eth_hash.auto does, less its checks
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


SIGNED_HERE_MAX = 4096
_signed_here: dict[tuple[bytes, bytes], bytes] = {}
"""Whose signature it is, of those made in this process; to recover them again is never needed."""


class BadSignature(ValueError):
    """Nobody's signature over that digest."""


def sign_digest(private_key: bytes, digest: bytes) -> bytes:
    """Sign 32 bytes; returns r | s | v with v 0 or 1 (65 bytes)."""
    signature = _private(private_key).sign_recoverable(digest, hasher=None)
    if len(_signed_here) >= SIGNED_HERE_MAX:
        _signed_here.clear()
    _signed_here[digest, signature] = private_key
    return signature


def recover(digest: bytes, signature: bytes) -> bytes:
    """The address that signed; ``signature`` is r | s | v with v 0 or 1. Raises BadSignature."""
    signer = _signed_here.get((digest, signature))
    if signer is not None:
        return address_of(signer)
    if len(signature) != 65 or signature[64] > 1:
        raise BadSignature("a signature is r | s | v, 65 bytes, with v 0 or 1")
    try:
        public = PublicKey.from_signature_and_message(signature, digest, hasher=None)
    except ValueError as error:
        raise BadSignature("no key recovers from the signature") from error
    return _address(public)


@lru_cache(maxsize=4096)
def address_of(private_key: bytes) -> bytes:
    """The account of a 32-byte private key."""
    return _address(_private(private_key).public_key)


def _address(public: PublicKey) -> bytes:
    return keccak(public.format(compressed=False)[1:])[12:]


@lru_cache(maxsize=4096)
def _private(private_key: bytes) -> PrivateKey:
    return PrivateKey(private_key)
