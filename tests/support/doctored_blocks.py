"""Blocks that were tampered with, so thoroughly that only what they say is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from chains import rlp
from chains.engine import Block, Log, Receipt
from chains.headers import Header, block_hash
from chains.trie import ordered_root
from tests.support.audited_chains import Doctor

Change = Callable[[Log], Sequence[Log]]


def on(chain: str, change: Callable[[Block], Block]) -> Doctor:
    """A doctor for one chain, who leaves the others alone."""
    return lambda name, block: change(block) if name == chain else block


def with_logs(change: Change) -> Callable[[Block], Block]:
    """Replace each log by those that ``change`` gives; roots and hashes follow."""

    def doctored(block: Block) -> Block:
        return rebuilt(block, [_with_logs(receipt, change) for receipt in block.receipts])

    return doctored


def rebuilt(block: Block, receipts: Sequence[Receipt]) -> Block:
    """The block with other receipts, consistent in itself; its seals are lost."""
    root = ordered_root([receipt.encoded for receipt in receipts])
    header = replace(Header.decode(block.unsealed_rlp), receipts_root=root)
    return replace(as_headed(block, header), receipts=tuple(receipts), receipts_root=root)


def as_headed(block: Block, header: Header) -> Block:
    """The block with another header, in every form of it."""
    encoded = header.encode()
    return replace(block, unsealed_rlp=encoded, header_rlp=encoded, hash=block_hash(header))


def _with_logs(receipt: Receipt, change: Change) -> Receipt:
    logs = tuple(new for log in receipt.logs for new in change(log))
    body = rlp.encode(
        [
            rlp.integer(int(receipt.is_success)),
            rlp.integer(receipt.cumulative_gas_used),
            receipt.logs_bloom,
            [(log.address, log.topics, log.data) for log in logs],
        ]
    )
    return replace(receipt, logs=logs, encoded=bytes((receipt.tx_type,)) + body)
