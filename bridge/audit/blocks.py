"""A block's own consistency: hash, parent, receipts root and logs follow from its raw bytes."""

from __future__ import annotations

from bridge.audit.findings import Findings, Rule
from bridge.audit.raw import RawReceipt, Unreadable, read_header, read_receipt, receipts_root
from chains.engine import Block, Receipt

TRIE_MAX = 64
"""Above this many receipts their trie is not built a second time: it would cost too much."""

EMPTY_RECEIPT = RawReceipt(is_success=False, logs=())


def check_header(block: Block, parent: bytes | None, findings: Findings) -> None:
    """Recompute the block's identity; ``parent`` is None when it is not known."""
    try:
        header = read_header(block.header_rlp)
    except Unreadable as error:
        findings.broken(Rule.BLOCK, f"the header: {error}")
        return
    if header.identity != block.hash:
        findings.broken(Rule.BLOCK, "the block's hash is not its header's")
    if (header.height, header.receipts_root) != (block.height, block.receipts_root):
        findings.broken(Rule.BLOCK, "the header has another height or receipts root")
    if parent is not None and header.parent != parent:
        findings.broken(Rule.BLOCK, "the block follows another parent")


def read_receipts(block: Block, findings: Findings) -> list[RawReceipt]:
    """The receipts from their consensus encodings, checked against the block."""
    encoded = [receipt.encoded for receipt in block.receipts]
    if len(encoded) <= TRIE_MAX and receipts_root(encoded) != block.receipts_root:
        findings.broken(Rule.BLOCK, "the receipts are not those of the receipts root")
    if len(encoded) != len(block.transactions):
        findings.broken(Rule.BLOCK, "not one receipt for each transaction")
    return [_read(receipt, findings) for receipt in block.receipts]


def _read(receipt: Receipt, findings: Findings) -> RawReceipt:
    try:
        raw = read_receipt(receipt.encoded)
    except Unreadable as error:
        findings.broken(Rule.BLOCK, f"receipt {receipt.tx_index}: {error}")
        return EMPTY_RECEIPT
    parsed = [(log.address, log.topics, log.data) for log in receipt.logs]
    if parsed != [(log.address, log.topics, log.data) for log in raw.logs]:
        findings.broken(Rule.BLOCK, f"receipt {receipt.tx_index}: its logs are parsed otherwise")
    if receipt.is_success != raw.is_success:
        findings.broken(Rule.BLOCK, f"receipt {receipt.tx_index}: its status is parsed otherwise")
    return raw
