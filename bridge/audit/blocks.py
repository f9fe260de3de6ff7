"""A block's own consistency: hash, parent, receipts root and logs follow from its raw bytes.

Seals are none of it. Whom a header convinces is for light clients to say, and what they believe is
held against the identities found here, so a seal is never asked for; a stored header that is there
already must be of the same block all the same. What is not noticed is a chain that keeps or hands
out a header of another block which nobody shows to a light client.
"""

from __future__ import annotations

from bridge.audit.findings import Findings, Rule
from bridge.audit.items import Unreadable
from bridge.audit.ordered_root import ordered_root
from bridge.audit.raw import RawReceipt, is_written, read_header, read_receipt
from chains.engine import Block, Receipt

EMPTY_RECEIPT = RawReceipt(is_success=False, logs=())


def check_header(block: Block, parent: bytes | None, findings: Findings) -> None:
    """Recompute the block's identity; ``parent`` is None when it is not known."""
    try:
        header = read_header(block.unsealed_rlp)
        named = header.identity
        if block.stored_rlp is not None and block.stored_rlp != block.unsealed_rlp:
            named = read_header(block.stored_rlp).identity
    except Unreadable as error:
        findings.broken(Rule.BLOCK, f"the header: {error}")
        return
    if not header.is_unsealed:
        findings.broken(Rule.BLOCK, "the header that the hash is of has seals or a round")
    if header.identity != block.hash:
        findings.broken(Rule.BLOCK, "the block's hash is not its header's")
    if named != header.identity:
        findings.broken(Rule.BLOCK, "the stored header is another block's")
    if (header.height, header.receipts_root) != (block.height, block.receipts_root):
        findings.broken(Rule.BLOCK, "the header has another height or receipts root")
    if parent is not None and header.parent != parent:
        findings.broken(Rule.BLOCK, "the block follows another parent")


def read_receipts(block: Block, findings: Findings) -> list[RawReceipt]:
    """The receipts from their consensus encodings, checked against the block."""
    if ordered_root([receipt.encoded for receipt in block.receipts]) != block.receipts_root:
        findings.broken(Rule.BLOCK, "the receipts are not those of the receipts root")
    if len(block.receipts) != len(block.transactions):
        findings.broken(Rule.BLOCK, "not one receipt for each transaction")
    return [_read(receipt, findings) for receipt in block.receipts]


def _read(receipt: Receipt, findings: Findings) -> RawReceipt:
    if is_written(receipt.encoded, receipt.is_success, receipt.logs):
        return RawReceipt(receipt.is_success, receipt.logs)
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
