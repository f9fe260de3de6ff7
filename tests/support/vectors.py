"""Real QBFT data from other projects (tests/vectors/README.md names origins and licences)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chains import rlp
from tests.support.receipts import Claim

FOLDER = Path(__file__).resolve().parents[1] / "vectors"


@dataclass(frozen=True, slots=True)
class BesuHeader:
    """A header of a Besu network of four, sealed by three of them in round 1."""

    with_seals: bytes
    without_seals: bytes


@dataclass(frozen=True, slots=True)
class HarmoniaHeader:
    """A header in the form that was signed, its block hash and its seals."""

    block_hash: bytes
    receipts_root: bytes
    preimage: bytes
    seals: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class HarmoniaReceipt:
    """A receipt with its Merkle witness."""

    claim: Claim
    encoded: bytes


def besu_header() -> BesuHeader:
    """Block 7528 of the network that besu-qbft-elc tests with."""
    fields = _load("besu-qbft-elc/qbft_header_7528.json")
    return BesuHeader(
        bytes.fromhex(fields["header_with_seals"]), bytes.fromhex(fields["header_without_seals"])
    )


def harmonia_headers() -> tuple[HarmoniaHeader, ...]:
    """Three headers; the second lists its only validator, the others none (contract validators)."""
    return tuple(
        HarmoniaHeader(
            block_hash=_hex(entry["blockHash"]),
            receipts_root=_hex(entry["receiptsRoot"]),
            preimage=_hex(
                entry.get("rlpBlockHeaderPreimage") or entry["rlpEncodedBlockHeaderPreImage"]
            ),
            seals=tuple(
                rlp.as_bytes(seal)
                for seal in rlp.as_list(rlp.decode(_hex(entry["rlpValidatorSignatures"])))
            ),
        )
        for entry in _load("harmonia/qbft_vectors.json")["vectors"]
    )


def harmonia_receipts() -> tuple[HarmoniaReceipt, ...]:
    """Three receipts, each the only one of its block."""
    content = _load("harmonia/qbft_vectors.json")
    entry = content["vectors"][0]
    found = [_receipt(entry["receiptsRoot"], entry["witnesses"], entry["eventLogs"])]
    for block in content["besu_blocks"]["blocks"]:
        found.append(_receipt(block["receiptsRoot"], block["witness"], block["rlpEncodedReceipt"]))
    return tuple(found)


def _receipt(root: str, witness: str, encoded: str) -> HarmoniaReceipt:
    """A witness is the list of the trie's nodes, root first, for transaction 0."""
    nodes: Sequence[rlp.Item] = rlp.as_list(rlp.decode(_hex(witness)))
    proof = b"".join(map(rlp.encode, nodes))
    return HarmoniaReceipt(Claim(_hex(root), 0, 0, proof), _hex(encoded))


def _hex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
