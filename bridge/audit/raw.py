"""Blocks and receipts from their consensus bytes, read without the code that wrote them.

Source: yellow paper, sections 4.3 and 4.4; EIP-2718; Besu's QbftBlockHeaderFunctions (the identity
of a block leaves out its round and its seals).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from bridge.audit.hashing import keccak
from bridge.audit.items import (
    Item,
    Unreadable,
    as_bytes,
    as_list,
    as_number,
    list_prefix,
    read_few,
    read_list,
    write,
    write_bytes,
    write_list,
)

PARENT, RECEIPTS_ROOT, NUMBER, EXTRA_DATA = 0, 5, 8, 12
HEADER_FIELDS = (15, 16, 17)
EXTRA_FIELDS, LOG_FIELDS, RECEIPT_FIELDS = 5, 3, 4
ADDRESS_BYTES, HASH_BYTES = 20, 32
TYPES_END = 0x80  # EIP-2718: a first byte below is the receipt's type
IS_SUCCESS = {b"": False, b"\x01": True}
TOPIC_SIZES = frozenset({HASH_BYTES})
SHAPES_MAX = 256  # of logs; most are of a dozen
EXTRAS_MAX = 64  # one for each validator set, as long as no seals are read
ADDRESS_PREFIX, HASH_PREFIX = b"\x94", b"\xa0"  # of strings of 20 and of 32 bytes


class RawHeader(NamedTuple):
    """What the auditor needs of a header."""

    identity: bytes
    is_unsealed: bool  # round 0 and no seals: its identity is the hash of just these bytes
    parent: bytes
    receipts_root: bytes
    height: int


class Emitted(Protocol):
    """One event as it was emitted, whoever has read it."""

    @property
    def address(self) -> bytes: ...
    @property
    def topics(self) -> tuple[bytes, ...]: ...
    @property
    def data(self) -> bytes: ...


class RawLog(NamedTuple):
    """One event as it is read here."""

    address: bytes
    topics: tuple[bytes, ...]
    data: bytes


class RawReceipt(NamedTuple):
    """What one transaction did."""

    is_success: bool
    logs: Sequence[Emitted]


def read_header(encoded: bytes) -> RawHeader:
    """Read a QBFT header, sealed or not. Raises Unreadable."""
    fields = read_list(encoded, "a header")
    if len(fields) not in HEADER_FIELDS:
        raise Unreadable(f"a header has {len(fields)} fields")
    height = as_number(fields[NUMBER], "the height")
    extra = as_bytes(fields[EXTRA_DATA], "extraData")
    unsealed = extra if height == 0 else _without_seals(extra)
    bare = encoded
    if unsealed != extra:
        bare = write((*fields[:EXTRA_DATA], unsealed, *fields[EXTRA_DATA + 1 :]))
    return RawHeader(
        identity=keccak(bare),
        is_unsealed=unsealed == extra,
        parent=as_bytes(fields[PARENT], "the parent", HASH_BYTES),
        receipts_root=as_bytes(fields[RECEIPTS_ROOT], "the receipts root", HASH_BYTES),
        height=height,
    )


def read_receipt(encoded: bytes) -> RawReceipt:
    """Read a legacy or typed receipt. Raises Unreadable."""
    body = encoded[1:] if encoded and encoded[0] < TYPES_END else encoded
    fields = read_list(body, "a receipt")
    if len(fields) != RECEIPT_FIELDS:
        raise Unreadable(f"a receipt has {len(fields)} fields")
    status = as_bytes(fields[0], "the status")
    if status not in IS_SUCCESS:
        raise Unreadable(f"the status is 0x{status.hex()}")
    return RawReceipt(
        is_success=IS_SUCCESS[status],
        logs=tuple([_read_log(log) for log in as_list(fields[3], "the logs")]),
    )


def is_written(encoded: bytes, is_success: bool, logs: Sequence[Emitted]) -> bool:
    """Whether a receipt says just this; what cannot be said in few words may be False as well.

    An encoding says one thing only, so logs that, written anew, are its bytes need not be read.
    """
    body = encoded[1:] if encoded and encoded[0] < TYPES_END else encoded
    try:
        written = write_list(map(_written_log, logs))
        before = read_few(body, len(written))
    except Unreadable:
        return False
    says = len(before) == RECEIPT_FIELDS - 1 and before[0] == (b"\x01" if is_success else b"")
    return says and body.endswith(written)


def _written_log(log: Emitted) -> bytes:
    if len(log.address) != ADDRESS_BYTES or not TOPIC_SIZES.issuperset(map(len, log.topics)):
        raise Unreadable("an address or a topic of another size")
    data = write_bytes(log.data)
    before, between = _prefixes(len(log.topics), len(data))
    return before + log.address + HASH_PREFIX.join((between, *log.topics)) + data


@lru_cache(maxsize=SHAPES_MAX)
def _prefixes(topics: int, data_bytes: int) -> tuple[bytes, bytes]:
    """What stands before the address and before the topics of a log, by what else is in it."""
    topics_bytes = topics * (len(HASH_PREFIX) + HASH_BYTES)
    between = list_prefix(topics_bytes)
    inside = len(ADDRESS_PREFIX) + ADDRESS_BYTES + len(between) + topics_bytes + data_bytes
    return list_prefix(inside) + ADDRESS_PREFIX, between


def _read_log(item: Item) -> RawLog:
    fields = as_list(item, "a log")
    if len(fields) != LOG_FIELDS:
        raise Unreadable(f"a log has {len(fields)} fields")
    address, topics, data = fields
    return RawLog(
        as_bytes(address, "an address", ADDRESS_BYTES),
        tuple([as_bytes(topic, "a topic", HASH_BYTES) for topic in as_list(topics, "the topics")]),
        as_bytes(data, "the data"),
    )


@lru_cache(maxsize=EXTRAS_MAX)
def _without_seals(extra: bytes) -> bytes:
    """The extraData with round 0 and no seals."""
    fields = read_list(extra, "extraData")
    if len(fields) != EXTRA_FIELDS:
        raise Unreadable(f"extraData has {len(fields)} fields")
    vanity, validators, vote, round_number, seals = fields
    as_number(round_number, "the round")
    as_list(seals, "the seals")
    return write((vanity, validators, vote, b"", ()))
