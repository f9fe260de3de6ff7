"""Keccak-256 for the audit, from the library itself: a block is hashed many times over."""

from __future__ import annotations

from eth_hash.backends.pysha3 import backend

__all__ = ["keccak"]

keccak = backend.keccak256  # as eth_hash.auto does, less its checks
