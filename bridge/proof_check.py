"""Check a packet step by step, in Python, without the code that built it and without the contracts.

RLP is read by the RLP library, signatures are recovered by eth_keys in plain Python, and the walk
down the trie is written here. Source: yellow paper, appendix D; EIP-2718; Besu's
QbftBlockHeaderFunctions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import rlp
from eth_hash.auto import keccak
from eth_keys.backends.native.main import NativeECCBackend
from eth_keys.exceptions import BadSignature
from eth_keys.main import KeyAPI
from eth_utils.exceptions import ValidationError
from rlp.codec import encode_raw
from rlp.exceptions import DecodingError

from bridge.errors import ProofError
from bridge.evidence import Evidence
from bridge.model import Status

ANNOUNCED: Final = bytes(keccak(b"Announced(uint256,bytes32[],uint8[])"))
HEADER_FIELDS: Final = (15, 16, 17)
RECEIPTS_ROOT, NUMBER, EXTRA_DATA = 5, 8, 12
VALIDATORS, ROUND, SEALS = 1, 3, 4
SEAL_BYTES: Final = 65
TYPES_END: Final = 0x80  # EIP-2718: a first byte below is the receipt's type

Item = bytes | Sequence["Item"]
_KEYS = KeyAPI(NativeECCBackend)


class StepFailed(ProofError):
    """The first step of a check that does not hold."""

    prefix = "E-PROOF-STEP-"

    def __init__(self, step: str, detail: str) -> None:
        super().__init__(f"E-PROOF-STEP-{step.upper().replace(' ', '-')}", f"{step}: {detail}")
        self.step = step
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Step:
    """A step that holds, and what was seen."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Node:
    """A node on the way down to a receipt; ``nibbles`` are those of the key that it consumes."""

    index: int
    kind: str
    hash: bytes
    nibbles: str
    size: int


@dataclass(frozen=True, slots=True)
class RawLog:
    """One event of a receipt."""

    address: bytes
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class RawReceipt:
    """A receipt as the trie holds it."""

    tx_type: int
    is_success: bool
    cumulative_gas: int
    logs: tuple[RawLog, ...]


def check(packet: Evidence) -> Iterator[Step]:
    """Every step in its order. Raises StepFailed at the first that does not hold."""
    header = _list(_decoded("header", _raw(packet.header)), "header")
    yield from _check_header(packet, header)
    yield from _check_seals(packet, header)
    nodes, value = descend(packet)
    for node in nodes:
        path = f", nibbles {node.nibbles}" if node.nibbles else ""
        seen = f"{node.kind} 0x{node.hash.hex()}, {node.size} bytes{path}"
        yield Step(f"trie node {node.index}", seen)
    receipt = read_receipt(value)
    if not receipt.is_success:
        raise StepFailed("receipt", "its transaction failed")
    yield Step("receipt", f"type {receipt.tx_type}, succeeded, {len(receipt.logs)} logs")
    yield from _check_log(packet, receipt)


def signers(packet: Evidence) -> Iterator[tuple[int, bytes]]:
    """Who sealed: each position in the header's list and the account that its seal recovers to."""
    digest = bytes(keccak(_raw(packet.header)))
    positions = [i for i in range(packet.bitmap.bit_length()) if packet.bitmap >> i & 1]
    if len(positions) != len(packet.seals):
        detail = f"{len(packet.seals)} seals for {len(positions)} validators"
        raise StepFailed("seals", detail)
    for position, seal in zip(positions, map(_raw, packet.seals), strict=True):
        if len(seal) != SEAL_BYTES:
            raise StepFailed(f"seal {position}", f"{len(seal)} bytes are no signature")
        try:
            signature = _KEYS.Signature(seal)
            public = signature.recover_public_key_from_msg_hash(digest)
        except (BadSignature, ValidationError) as error:
            raise StepFailed(f"seal {position}", "it is nobody's signature") from error
        yield position, public.to_canonical_address()


def descend(packet: Evidence) -> tuple[tuple[Node, ...], bytes]:
    """The nodes from the receipts root down, and the value at the end. Raises StepFailed."""
    key = bytes(rlp.encode(packet.tx_index)).hex()
    wanted: Item = _raw(packet.receipts_root)
    nodes: list[Node] = []
    for index, encoded in enumerate(map(_raw, packet.nodes)):
        step, digest = f"trie node {index}", bytes(keccak(encoded))
        if not isinstance(wanted, bytes) or digest != wanted:
            raise StepFailed(step, f"0x{digest.hex()} is not what its parent names")
        fields = _list(_decoded(step, encoded), step)
        if len(fields) == 17:
            if not key:
                raise StepFailed(step, "the path ends in a branch")
            nodes.append(Node(index, "branch", digest, key[0], len(encoded)))
            wanted, key = fields[int(key[0], 16)], key[1:]
            continue
        if len(fields) != 2:
            raise StepFailed(step, f"a node has 2 or 17 items, not {len(fields)}")
        is_leaf, path = _path(step, _bytes(fields[0], step))
        if not key.startswith(path) or (is_leaf and key != path):
            raise StepFailed(step, f"its path {path} is not that of transaction {packet.tx_index}")
        kind = "leaf" if is_leaf else "extension"
        nodes.append(Node(index, kind, digest, path, len(encoded)))
        wanted, key = fields[1], key[len(path) :]
        if is_leaf:
            if index + 1 != len(packet.nodes):
                raise StepFailed(step, "nodes follow the leaf")
            return tuple(nodes), _bytes(wanted, step)
    raise StepFailed("trie", f"{len(nodes)} nodes do not reach a receipt")


def read_receipt(value: bytes) -> RawReceipt:
    """A legacy or typed receipt. Raises StepFailed."""
    step = "receipt"
    is_typed = bool(value) and value[0] < TYPES_END
    fields = _list(_decoded(step, value[1:] if is_typed else value), step)
    if len(fields) != 4:
        raise StepFailed(step, f"a receipt has 4 fields, not {len(fields)}")
    return RawReceipt(
        tx_type=value[0] if is_typed else 0,
        is_success=_bytes(fields[0], step) == b"\x01",
        cumulative_gas=_scalar(fields[1], step),
        logs=tuple(_log(item) for item in _list(fields[3], step)),
    )


def _check_header(packet: Evidence, header: Sequence[Item]) -> Iterator[Step]:
    if len(header) not in HEADER_FIELDS:
        raise StepFailed("header", f"a header has 15 to 17 fields, not {len(header)}")
    height = _scalar(header[NUMBER], "header")
    if height != packet.height:
        raise StepFailed("header", f"it is of block {height}, not {packet.height}")
    yield Step("header", f"block {height}, {len(packet.header) // 2 - 1} bytes")
    extra = list(_extra(header))
    if extra[SEALS] not in ((), []):
        raise StepFailed("header", "it carries seals, which validators do not sign")
    extra[ROUND] = b""
    fields = [*header]
    fields[EXTRA_DATA] = _encoded("extra data", extra)
    identity = bytes(keccak(_encoded("header", fields)))
    if identity != _raw(packet.block_hash):
        raise StepFailed("block hash", f"the header's is 0x{identity.hex()}")
    yield Step("block hash", f"0x{identity.hex()}")
    root = _bytes(header[RECEIPTS_ROOT], "header")
    if root != _raw(packet.receipts_root):
        raise StepFailed("receipts root", f"the header's is 0x{root.hex()}")
    yield Step("receipts root", f"0x{root.hex()}")


def _check_seals(packet: Evidence, header: Sequence[Item]) -> Iterator[Step]:
    listed = [_bytes(one, "validators") for one in _list(_extra(header)[VALIDATORS], "validators")]
    trusted = [_raw(one) for one in packet.trusted_validators]
    is_same = listed == trusted
    if len(set(listed)) != len(listed) or len(set(trusted)) != len(trusted):
        raise StepFailed("validators", "one is named twice")
    yield Step("validators", f"{len(listed)}, {'those' if is_same else 'not those'} trusted before")
    signed: list[bytes] = []
    for position, account in signers(packet):
        if position >= len(listed) or account != listed[position]:
            detail = f"0x{account.hex()} is not validator {position} of this header"
            raise StepFailed(f"seal {position}", detail)
        signed.append(account)
        yield Step(f"seal {position}", f"by 0x{account.hex()}")
    for whose, members in (("header's", listed), ("trusted", trusted)):
        count, needed = len(set(signed) & set(members)), -(-2 * len(members) // 3)
        if not members or count < needed:
            raise StepFailed("quorum", f"{count} of the {needed} needed in the {whose} set")
        yield Step("quorum", f"{count} of {len(members)} in the {whose} set, {needed} needed")


def _check_log(packet: Evidence, receipt: RawReceipt) -> Iterator[Step]:
    if packet.log_index >= len(receipt.logs):
        raise StepFailed("log", f"the receipt has {len(receipt.logs)}, none at {packet.log_index}")
    log = receipt.logs[packet.log_index]
    if log.address != _raw(packet.settlement):
        raise StepFailed("emitter", f"0x{log.address.hex()} is not the settlement contract")
    yield Step("emitter", f"0x{log.address.hex()}, the settlement contract")
    if log.topics != (ANNOUNCED,):
        raise StepFailed("topic", "the log is not Announced")
    yield Step("topic", "Announced(uint256,bytes32[],uint8[])")
    ids = [_raw(one) for one in packet.trade_ids]
    if len(ids) != len(packet.statuses):
        raise StepFailed("content", f"{len(packet.statuses)} statuses for {len(ids)} trades")
    said = [_word(packet.source_chain_id), _word(96), _word(128 + 32 * len(ids))]
    said += [_word(len(ids)), *ids, _word(len(ids)), *map(_word, packet.statuses)]
    if log.data != b"".join(said):
        raise StepFailed("content", "the log says something else of these trades or this chain")
    for trade_id, status in zip(ids, packet.statuses, strict=True):
        yield Step("content", f"0x{trade_id.hex()} is {Status(status).name}")


def _extra(header: Sequence[Item]) -> Sequence[Item]:
    encoded = _bytes(header[EXTRA_DATA], "header")
    extra = _list(_decoded("extra data", encoded), "extra data")
    if len(extra) != 5:
        raise StepFailed("extra data", f"QBFT's has 5 fields, not {len(extra)}")
    return extra


def _path(step: str, encoded: bytes) -> tuple[bool, str]:
    """Whether it is a leaf's, and its nibbles (hex-prefix encoding)."""
    digits = encoded.hex()
    if not digits or digits[0] not in "0123" or (digits[0] in "02" and digits[1] != "0"):
        raise StepFailed(step, "its path is not hex-prefix encoded")
    return digits[0] in "23", digits[1:] if digits[0] in "13" else digits[2:]


def _log(item: Item) -> RawLog:
    fields = _list(item, "receipt")
    if len(fields) != 3:
        raise StepFailed("receipt", f"a log has 3 fields, not {len(fields)}")
    address, topics, data = fields
    words = tuple(_bytes(topic, "receipt") for topic in _list(topics, "receipt"))
    return RawLog(_bytes(address, "receipt"), words, _bytes(data, "receipt"))


def _raw(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def _word(value: int) -> bytes:
    return value.to_bytes(32, "big")


def _decoded(step: str, encoded: bytes) -> Item:
    try:
        item: Item = rlp.decode(encoded)
    except (DecodingError, RecursionError) as error:
        raise StepFailed(step, "these bytes are not RLP") from error
    return item


def _encoded(step: str, item: Item) -> bytes:
    try:
        return bytes(encode_raw(item))
    except RecursionError as error:
        raise StepFailed(step, "lists are nested too deep") from error


def _list(item: Item, step: str) -> Sequence[Item]:
    if isinstance(item, bytes):
        raise StepFailed(step, "bytes where a list should be")
    return item


def _scalar(item: Item, step: str) -> int:
    """A number of 64 bits at most; Python would not even write out one of thousands of digits."""
    encoded = _bytes(item, step)
    if len(encoded) > 8:
        raise StepFailed(step, f"a number of {len(encoded)} bytes")
    return int.from_bytes(encoded, "big")


def _bytes(item: Item, step: str) -> bytes:
    if not isinstance(item, bytes):
        raise StepFailed(step, "a list where bytes should be")
    return item
