"""Who trades in tests: the same name is always the same key."""

from __future__ import annotations

from functools import cache

from bridge.model import Address
from bridge.signatures import address_of
from chains.keys import keccak


@cache
def key(name: str) -> bytes:
    """Somebody's private key."""
    return keccak(name.encode())


@cache
def account(name: str) -> Address:
    """Somebody's address."""
    return address_of(key(name))


def hexed(address: bytes) -> str:
    """An address as bare contracts write it."""
    return "0x" + address.hex()


@cache
def caller(name: str) -> str:
    """Somebody's address, as the sender of a transaction."""
    return hexed(account(name))


ALICE, BOB, CAROL, DAVE = "alice", "bob", "carol", "dave"
EVE = "eve"  # a stranger to every trade
ISSUER, AUTHORITY, REGISTRAR = "issuer", "authority", "registrar"
PEOPLE = (ALICE, BOB, CAROL, DAVE)
KEYS = {account(name): key(name) for name in (*PEOPLE, EVE)}
