"""Receipts and their tries, well formed or forged field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eth_abi.abi import encode

from chains import rlp
from chains.keys import keccak
from chains.trie import OrderedTrie

EMITTER = bytes.fromhex("5e" * 20)
TOPIC = keccak(b"Announced(uint256,bytes32[],uint8[])")
DATA = bytes(range(1, 97))
SUCCESS = b"\x01"
BLOOM = b"\x5b" * 256


def log(
    address: bytes = EMITTER, topics: Sequence[bytes] = (TOPIC,), data: rlp.Item = DATA
) -> list[rlp.Item]:
    """One log's fields."""
    return [address, list(topics), data]


def announced(ids: int, chain_id: int = 1) -> list[rlp.Item]:
    """The log that crosses: Announced(chain_id, ids, statuses) of a settlement contract."""
    names = [keccak(b"trade %d" % place) for place in range(ids)]
    types = ["uint256", "bytes32[]", "uint8[]"]
    return log(data=encode(types, [chain_id, names, [4] * ids]))


def receipt(
    logs: Sequence[rlp.Item],
    *,
    tx_type: int = 0,
    status: bytes = SUCCESS,
    gas_used: bytes = b"\x01\x23\x45",
    bloom: bytes = BLOOM,
    extra: Sequence[rlp.Item] = (),
) -> bytes:
    """An encoded receipt; type 0 is a legacy one."""
    body = rlp.encode([status, gas_used, bloom, list(logs), *extra])
    return body if tx_type == 0 else bytes((tx_type,)) + body


@dataclass(frozen=True, slots=True)
class Proven:
    """What a log's proof answers."""

    emitter: str
    topic0: bytes
    topic_count: int
    data_hash: bytes

    @classmethod
    def of(cls, fields: Sequence[rlp.Item]) -> Proven:
        """What must be proven about a log with these fields."""
        address, topics, data = rlp.as_bytes(fields[0]), rlp.as_list(fields[1]), fields[2]
        return cls(
            emitter="0x" + address.hex(),
            topic0=rlp.as_bytes(topics[0]) if topics else bytes(32),
            topic_count=len(topics),
            data_hash=keccak(rlp.as_bytes(data)),
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """The arguments of ``verify``: that a log stands in a block."""

    root: bytes
    tx_index: int
    log_index: int
    proof: bytes


def claim_in_block(receipts: Sequence[bytes], tx_index: int, log_index: int = 0) -> Claim:
    """The honest claim about one log of a block with these receipts."""
    trie = OrderedTrie(receipts)
    return Claim(trie.root, tx_index, log_index, b"".join(trie.proof(tx_index)))


def claim_about(encoded: bytes, log_index: int = 0) -> Claim:
    """The claim about a log of a block's only receipt."""
    return claim_in_block([encoded], 0, log_index)


def block_of(size: int) -> list[bytes]:
    """Receipts of a block of transfers, each with a log that names its place."""
    return [
        receipt([log(data=index.to_bytes(32, "big"))], tx_type=(0, 2, 1)[index % 3])
        for index in range(size)
    ]
