"""Proofs of one chain's logs: real receipts in a real trie under a really sealed header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eth_abi.abi import decode, encode

from bridge.model import ChainId, Packet, Source, Status, TradeId
from bridge.model import SealedHeader as ModelHeader
from chains import rlp
from chains.consensus import ValidatorSet, quorum
from chains.headers import block_hash
from chains.keys import keccak
from tests.support.bare_evm import RawLog
from tests.support.receipts import claim_in_block, log, receipt
from tests.support.sealed_headers import header, sealed

ANNOUNCED = keccak(b"Announced(uint256,bytes32[],uint8[])")
OTHER_RECEIPT = receipt([log(data=b"somebody else's")], tx_type=2)


@dataclass(slots=True)
class Prover:
    """Seals blocks of a chain around logs; each block is one higher than the last."""

    chain_id: ChainId
    genesis_hash: bytes
    validators: ValidatorSet
    height: int = 0

    def packet(self, logs: Sequence[RawLog], position: int | None = None) -> Packet:
        """The proof of one log, by default the last announcement among ``logs``."""
        if position is None:
            position = max(i for i, each in enumerate(logs) if each.topics[:1] == (ANNOUNCED,))
        return self.block(receipt(list(map(_fields, logs)), tx_type=2), logs, position)

    def failed(self, logs: Sequence[RawLog]) -> Packet:
        """The same, had the transaction failed and kept its logs."""
        encoded = receipt(list(map(_fields, logs)), tx_type=2, status=b"")
        return self.block(encoded, logs, len(logs) - 1)

    def block(self, encoded: bytes, logs: Sequence[RawLog], position: int) -> Packet:
        """The second transaction of a new block has this receipt."""
        self.height += 1
        claim = claim_in_block([OTHER_RECEIPT, encoded], 1, position)
        head = header(
            self.validators,
            height=self.height,
            receipts_root=claim.root,
            parent_hash=self.genesis_hash,
        )
        keys = self.validators.keys[: quorum(len(self.validators.keys))]
        packed = sealed(head, keys)
        ids, statuses = said(logs[position])
        return Packet(
            header=ModelHeader(
                self.chain_id, self.height, packed.header, packed.bitmap, packed.seals
            ),
            source=Source(
                self.chain_id, self.height, block_hash(head), claim.root, claim.tx_index, position
            ),
            ids=ids,
            statuses=statuses,
            proof=claim.proof,
        )

    def contradiction(self, packet: Packet) -> ModelHeader:
        """Another block at the height of a packet, sealed by the same validators."""
        head = header(
            self.validators,
            height=packet.header.height,
            receipts_root=keccak(b"another history"),
            parent_hash=self.genesis_hash,
        )
        packed = sealed(head, self.validators.keys[: quorum(len(self.validators.keys))])
        return replace(packet.header, header=packed.header, seals=packed.seals)


def announcement(
    chain_id: int, emitter: str, ids: Sequence[bytes], statuses: Sequence[int]
) -> RawLog:
    """The log of a contract that says this, whoever it is."""
    data = encode(["uint256", "bytes32[]", "uint8[]"], [chain_id, ids, statuses])
    return RawLog(emitter, (ANNOUNCED,), data)


def said(announced: RawLog) -> tuple[tuple[TradeId, ...], tuple[Status, ...]]:
    """The ids and statuses in a log; nothing when it is no announcement."""
    if announced.topics[:1] != (ANNOUNCED,):
        return (), ()
    _, ids, statuses = decode(["uint256", "bytes32[]", "uint8[]"], announced.data)
    return tuple(map(TradeId, ids)), tuple(map(Status, statuses))


def _fields(entry: RawLog) -> list[rlp.Item]:
    return log(bytes.fromhex(entry.address[2:]), entry.topics, entry.data)
