"""The auditor's own reading of ABI words. Source: the Solidity ABI specification.

Strict: one encoding for each value. What our contracts emit is canonical, so anything else is not
theirs. Terms and legs are tuples, not dataclasses: they are made for every log that has them.
"""

from __future__ import annotations

from functools import lru_cache
from struct import Struct
from typing import NamedTuple

from bridge.audit.hashing import keccak
from bridge.audit.items import Unreadable

WORD = 32
ADDRESS_BYTES = 20
PADDING = bytes(WORD - ADDRESS_BYTES)
LEGS_MAX, IDS_MAX = 8, 32
TERMS_MAX = 1024  # the same terms stand in a log on each chain of a trade

# A trade behind its own offset: the offset of its legs, its other fields, how many legs, the legs.
HEAD = Struct(">32s32s32s12s20s32s32s32s32s")
LEG = Struct(">32s12s20s12s20s12s20s12s20s32s")
HEAD_OFFSET, LEGS_OFFSET = WORD.to_bytes(WORD, "big"), (6 * WORD).to_bytes(WORD, "big")

TRADE_TYPE = (
    "((uint256,address,address,address,address,uint256)[],uint256,address,uint256,uint256,bytes32)"
)
ERROR_SELECTOR = keccak(b"Error(string)")[:4]


class Leg(NamedTuple):
    """One movement of one token on one chain."""

    chain_id: int
    agent: bytes
    token: bytes
    sender: bytes
    receiver: bytes
    amount: int


class Terms(NamedTuple):
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


def address(found: bytes) -> bytes:
    """The address in one word, with clean padding. Raises Unreadable."""
    if len(found) != WORD or not found.startswith(PADDING):
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
    ids, values = data[4 * WORD : (4 + count) * WORD], data[(5 + count) * WORD :]
    pairs = [
        (ids[at : at + WORD], int.from_bytes(values[at : at + WORD], "big"))
        for at in range(0, count * WORD, WORD)
    ]
    return number(data, 0), tuple(pairs)


@lru_cache(maxsize=TERMS_MAX)
def terms(data: bytes) -> Terms:
    """The data of Opened and Held. Raises Unreadable."""
    if len(data) < HEAD.size:
        raise Unreadable(f"terms in {len(data)} bytes")
    offset, legs_offset, hub_chain_id, padding, hub, prepare_by_s, decide_by_s, uti, count = (
        HEAD.unpack_from(data)
    )
    legs = int.from_bytes(count, "big")
    if legs > LEGS_MAX or len(data) != HEAD.size + legs * LEG.size:
        raise Unreadable(f"terms with {legs} legs in {len(data)} bytes")
    if (offset, legs_offset, padding) != (HEAD_OFFSET, LEGS_OFFSET, PADDING):
        raise Unreadable("terms laid out otherwise than ours")
    return Terms(
        tuple([_leg(fields) for fields in LEG.iter_unpack(data[HEAD.size :])]),
        int.from_bytes(hub_chain_id, "big"),
        hub,
        int.from_bytes(prepare_by_s, "big"),
        int.from_bytes(decide_by_s, "big"),
        uti,
    )


def reason(output: bytes) -> bytes:
    """The text of a revert with Error(string), empty for any other."""
    if output[:4] != ERROR_SELECTOR or len(output) < 4 + 2 * WORD:
        return b""
    body = output[4:]
    return body[2 * WORD : 2 * WORD + number(body, 1)]


def _leg(fields: tuple[bytes, ...]) -> Leg:
    chain_id, before, agent, before_token, token, before_sender, sender, *receiving = fields
    before_receiver, receiver, amount = receiving
    if not before == before_token == before_sender == before_receiver == PADDING:
        raise Unreadable("an address with something before it")
    return Leg(
        int.from_bytes(chain_id, "big"),
        agent,
        token,
        sender,
        receiver,
        int.from_bytes(amount, "big"),
    )
