"""Blocks and receipts from their consensus bytes, read without the code that wrote them.

The RLP library and py-trie's trie are second implementations beside ``chains.rlp`` and
``chains.trie``. Source: yellow paper, sections 4.3 and 4.4; EIP-2718; Besu's
QbftBlockHeaderFunctions (the identity of a block leaves out its round and its seals).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import rlp
from eth_hash.auto import keccak
from rlp.exceptions import DecodingError
from trie.hexary import HexaryTrie

Item = bytes | Sequence["Item"]

PARENT, RECEIPTS_ROOT, NUMBER, EXTRA_DATA = 0, 5, 8, 12
EXTRA_FIELDS, ROUND, SEALS = 5, 3, 4
HEADER_FIELDS = (15, 16, 17)
RECEIPT_FIELDS = 4
TYPES_END = 0x80  # EIP-2718: a first byte below is the receipt's type


class Unreadable(ValueError):
    """Bytes that are not what they should be."""


@dataclass(frozen=True, slots=True)
class RawHeader:
    """What the auditor needs of a header."""

    identity: bytes
    parent: bytes
    receipts_root: bytes
    height: int


@dataclass(frozen=True, slots=True)
class RawLog:
    """One event as it was emitted."""

    address: bytes
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class RawReceipt:
    """What one transaction did."""

    is_success: bool
    logs: tuple[RawLog, ...]


def read_header(encoded: bytes) -> RawHeader:
    """Read a QBFT header, sealed or not. Raises Unreadable."""
    fields = _list(_decode(encoded), "a header")
    if len(fields) not in HEADER_FIELDS:
        raise Unreadable(f"a header has {len(fields)} fields")
    height = int.from_bytes(_bytes(fields[NUMBER]), "big")
    return RawHeader(
        identity=keccak(encoded if height == 0 else _without_seals(fields)),
        parent=_bytes(fields[PARENT]),
        receipts_root=_bytes(fields[RECEIPTS_ROOT]),
        height=height,
    )


def read_receipt(encoded: bytes) -> RawReceipt:
    """Read a legacy or typed receipt. Raises Unreadable."""
    body = encoded[1:] if encoded and encoded[0] < TYPES_END else encoded
    fields = _list(_decode(body), "a receipt")
    if len(fields) != RECEIPT_FIELDS:
        raise Unreadable(f"a receipt has {len(fields)} fields")
    status, _, _, logs = fields
    return RawReceipt(
        is_success=_bytes(status) == b"\x01",
        logs=tuple(_read_log(log) for log in _list(logs, "the logs")),
    )


def receipts_root(encoded: Sequence[bytes]) -> bytes:
    """The root of the trie of receipts, by py-trie."""
    trie = HexaryTrie({}, prune=True)
    for index, receipt in enumerate(encoded):
        trie[rlp.encode(index)] = receipt
    return bytes(trie.root_hash)


def _read_log(item: Item) -> RawLog:
    fields = _list(item, "a log")
    if len(fields) != 3:
        raise Unreadable(f"a log has {len(fields)} fields")
    address, topics, data = fields
    return RawLog(
        address=_bytes(address),
        topics=tuple(_bytes(topic) for topic in _list(topics, "the topics")),
        data=_bytes(data),
    )


def _without_seals(fields: Sequence[Item]) -> bytes:
    extra = list(_list(_decode(_bytes(fields[EXTRA_DATA])), "extraData"))
    if len(extra) != EXTRA_FIELDS:
        raise Unreadable(f"extraData has {len(extra)} fields")
    extra[ROUND], extra[SEALS] = b"", ()
    kept = list(fields)
    kept[EXTRA_DATA] = bytes(rlp.encode(extra))
    return bytes(rlp.encode(kept))


def _decode(encoded: bytes) -> Item:
    try:
        item: Item = rlp.decode(encoded)
    except (DecodingError, RecursionError) as error:
        raise Unreadable(f"not RLP: {error}") from error
    return item


def _list(item: Item, what: str) -> Sequence[Item]:
    if isinstance(item, bytes):
        raise Unreadable(f"{what} is not a list")
    return item


def _bytes(item: Item) -> bytes:
    if not isinstance(item, bytes):
        raise Unreadable("a list where bytes should be")
    return item
