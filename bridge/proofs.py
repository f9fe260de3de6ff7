"""Build what crosses between the chains from what a chain has sealed: headers and packets.

Sans-IO: bytes in, values out. The limits are those of the contracts, so that nothing is sent that
a contract could not even take in.
"""

from __future__ import annotations

from collections.abc import Sequence

from bridge.errors import ProofError
from bridge.model import BATCH_MAX, Address, ChainId, Packet, SealedHeader, Source, Status, TradeId
from chains import headers
from chains.consensus import quorum

HEADER_MAX = 1536
PROOF_MAX = 4096
VALIDATORS_MAX = 32


class ProofTooLarge(ProofError):
    """A receipt that no contract can take in; the fact has to be announced again."""

    prefix = "E-PROOF-TOO-LARGE"


def header_packet(
    chain_id: ChainId, sealed: bytes, trusted: Sequence[Address] = ()
) -> SealedHeader:
    """What ``light_client.update`` takes, from a sealed header's RLP.

    ``trusted`` is the set that the client trusts now, given only when this header changes it.
    Without a change a bare quorum of seals travels, to save gas; with one all of them do, since a
    quorum of both sets must be among them. Raises ProofError.
    """
    header = _decode(sealed)
    validators = header.extra.validators
    split = headers.for_light_client(sealed)
    needed = quorum(len(validators))
    if not validators or split.bitmap.bit_count() < needed:
        raise ProofError(
            "E-PROOF-QUORUM",
            f"block {header.height} of chain {chain_id} has {split.bitmap.bit_count()} of the "
            f"{needed} seals that it needs",
        )
    if len(split.header) > HEADER_MAX or len(validators) > VALIDATORS_MAX:
        raise ProofTooLarge(
            "E-PROOF-TOO-LARGE-HEADER",
            f"the header of block {header.height} has {len(split.header)} bytes and "
            f"{len(validators)} validators; a client takes {HEADER_MAX} and {VALIDATORS_MAX}",
        )
    kept = split.bitmap.bit_count() if trusted else needed
    return SealedHeader(
        chain_id=chain_id,
        height=header.height,
        header=split.header,
        bitmap=_lowest(split.bitmap, kept),
        seals=split.seals[: headers.SEAL_BYTES * kept],
        trusted_validators=tuple(trusted),
    )


def packet(
    header: SealedHeader,
    tx_index: int,
    log_index: int,
    ids: Sequence[TradeId],
    statuses: Sequence[Status],
    nodes: Sequence[bytes],
) -> Packet:
    """The proof of one ``Announced`` log; ``nodes`` are the hashed trie nodes, root first.

    Raises ProofTooLarge for more than 4,096 bytes of nodes, or more ids than a batch has.
    """
    proof = b"".join(nodes)
    if len(proof) > PROOF_MAX:
        raise ProofTooLarge(
            "E-PROOF-TOO-LARGE-RECEIPT",
            f"the receipt at {tx_index} of block {header.height} takes {len(proof)} bytes to "
            f"prove; a contract takes {PROOF_MAX}",
        )
    if len(ids) > BATCH_MAX:
        raise ProofTooLarge(
            "E-PROOF-TOO-LARGE-IDS",
            f"the log names {len(ids)} trades; a contract takes {BATCH_MAX}",
        )
    return Packet(
        header=header,
        source=source(header, tx_index, log_index),
        ids=tuple(ids),
        statuses=tuple(statuses),
        proof=proof,
    )


def source(header: SealedHeader, tx_index: int, log_index: int) -> Source:
    """Where a log is, and the identity and receipts root that its proof is checked against."""
    fields = _decode(header.header)
    return Source(
        chain_id=header.chain_id,
        height=header.height,
        block_hash=headers.block_hash(fields),
        receipts_root=fields.receipts_root,
        tx_index=tx_index,
        log_index=log_index,
    )


def validators_of(encoded: bytes) -> tuple[Address, ...]:
    """The set that a header names, in the order that a signer bitmap counts. Raises ProofError."""
    return tuple(Address(validator) for validator in _decode(encoded).extra.validators)


def _decode(encoded: bytes) -> headers.Header:
    try:
        header = headers.Header.decode(encoded)
        _ = header.extra
    except headers.BadHeader as error:
        raise ProofError("E-PROOF-HEADER", f"these bytes are no QBFT header: {error}") from error
    return header


def _lowest(bitmap: int, count: int) -> int:
    """The lowest ``count`` bits that are set."""
    kept = 0
    for _ in range(count):
        lowest = bitmap & -bitmap
        kept |= lowest
        bitmap ^= lowest
    return kept
