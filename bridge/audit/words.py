"""The auditor's own reading of ABI words. Source: the Solidity ABI specification.

Strict: one encoding for each value. What our contracts emit is canonical, so anything else is not
theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

from bridge.audit.hashing import keccak
from bridge.audit.items import Unreadable

WORD = 32
ADDRESS_BYTES = 20
LEG_WORDS, TRADE_HEAD_WORDS, LEGS_MAX = 6, 6, 8
IDS_MAX = 32

TRADE_TYPE = (
    "((uint256,address,address,address,address,uint256)[],uint256,address,uint256,uint256,bytes32)"
)
ERROR_SELECTOR = keccak(b"Error(string)")[:4]


@dataclass(frozen=True, slots=True)
class Leg:
    """One movement of one token on one chain."""

    chain_id: int
    agent: bytes
    token: bytes
    sender: bytes
    receiver: bytes
    amount: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What the parties have signed."""

    legs: tuple[Leg, ...]
    hub_chain_id: int
    hub: bytes
    prepare_by_s: int
    decide_by_s: int
    uti: bytes


def selector(signature: str) -> bytes:
    """The first four bytes of calldata."""
    return keccak(signature.encode())[:4]


def word(data: bytes, index: int) -> bytes:
    """Word ``index``. Raises Unreadable."""
    found = data[index * WORD : (index + 1) * WORD]
    if len(found) != WORD:
        raise Unreadable(f"no word {index} in {len(data)} bytes")
    return found


def number(data: bytes, index: int) -> int:
    """A uint256."""
    return int.from_bytes(word(data, index), "big")


def address(data: bytes, index: int = 0) -> bytes:
    """An address with clean padding. Raises Unreadable."""
    found = word(data, index)
    if any(found[:-ADDRESS_BYTES]):
        raise Unreadable("an address with something before it")
    return found[-ADDRESS_BYTES:]


def statuses(data: bytes) -> tuple[int, tuple[tuple[bytes, int], ...]]:
    """Chain id, then ids with their statuses: the data of Announced. Raises Unreadable."""
    count = number(data, 3)
    expected = (3 * WORD, (4 + count) * WORD, count, (5 + 2 * count) * WORD)
    if count > IDS_MAX:
        raise Unreadable(f"{count} ids in one announcement")
    if (number(data, 1), number(data, 2), number(data, 4 + count), len(data)) != expected:
        raise Unreadable("an announcement laid out otherwise than ours")
    pairs = ((word(data, 4 + i), number(data, 5 + count + i)) for i in range(count))
    return number(data, 0), tuple(pairs)


def terms(data: bytes) -> Terms:
    """The data of Opened and Held. Raises Unreadable."""
    body = data[WORD:]
    count = number(body, TRADE_HEAD_WORDS)
    size = (TRADE_HEAD_WORDS + 1 + count * LEG_WORDS) * WORD
    if count > LEGS_MAX or len(body) != size:
        raise Unreadable(f"terms with {count} legs in {len(data)} bytes")
    if number(data, 0) != WORD or number(body, 0) != TRADE_HEAD_WORDS * WORD:
        raise Unreadable("terms laid out otherwise than ours")
    first = TRADE_HEAD_WORDS + 1
    return Terms(
        legs=tuple(_leg(body, first + i * LEG_WORDS) for i in range(count)),
        hub_chain_id=number(body, 1),
        hub=address(body, 2),
        prepare_by_s=number(body, 3),
        decide_by_s=number(body, 4),
        uti=word(body, 5),
    )


def reason(output: bytes) -> bytes:
    """The text of a revert with Error(string), empty for any other."""
    if output[:4] != ERROR_SELECTOR or len(output) < 4 + 2 * WORD:
        return b""
    body = output[4:]
    return body[2 * WORD : 2 * WORD + number(body, 1)]


def _leg(body: bytes, at: int) -> Leg:
    return Leg(
        chain_id=number(body, at),
        agent=address(body, at + 1),
        token=address(body, at + 2),
        sender=address(body, at + 3),
        receiver=address(body, at + 4),
        amount=number(body, at + 5),
    )
