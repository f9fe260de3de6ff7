"""Build what crosses between the chains from what a chain has sealed: headers and packets.

Sans-IO: bytes in, values out. The limits are those of the contracts, so that nothing is sent that
a contract could not even take in.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

from eth_hash.auto import keccak

from bridge.errors import ProofError
from bridge.model import BATCH_MAX, Address, ChainId, Packet, SealedHeader, Source, Status, TradeId
from chains import headers
from chains.consensus import quorum

HEADER_MAX = 1536
PROOF_MAX = 4096
VALIDATORS_MAX = 32
SETS_KEPT = 256

# A header begins with its length and seven fields of fixed size, the bloom last; then come five
# scalars of at most a word, difficulty to timestamp, and extraData.
_PREFIXES_AT = itemgetter(0, 3, 36, 69, 90, 123, 156, 189, 190, 191)
_RECEIPTS_ROOT = slice(157, 189)
_PREFIXES = (0xF9, 0xA0, 0xA0, 0x94, 0xA0, 0xA0, 0xA0, 0xB9, 1, 0)
_SCALARS_AT = 448
_SCALARS = 5


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
    block_hash, receipts_root = _identified(header.header)
    return Source(
        chain_id=header.chain_id,
        height=header.height,
        block_hash=block_hash,
        receipts_root=receipts_root,
        tx_index=tx_index,
        log_index=log_index,
    )


def validators_of(encoded: bytes) -> tuple[Address, ...]:
    """The set that a header names, in the order that a signer bitmap counts. Raises ProofError.

    A header may come without its seals. It is read fastest so: its extraData is then that of the
    header before, and only where that is not to be found is all of it decoded.
    """
    try:
        return _validators(_extra_data(encoded))
    except headers.BadHeader:
        return _validators(_decode(encoded).extra_data)


def _identified(unsealed: bytes) -> tuple[bytes, bytes]:
    """The hash of the block with this header, and its receipts root.

    In round 0 a header is hashed as it is, and its receipts root is always in the same place.
    """
    extra_data = _extra_data(unsealed)
    if extra_data and not headers.ExtraData.decode(extra_data).round_number:
        return keccak(unsealed), unsealed[_RECEIPTS_ROOT]
    header = _decode(unsealed)
    return headers.identity(unsealed, header), header.receipts_root


def _decode(encoded: bytes) -> headers.Header:
    try:
        header = headers.Header.decode(encoded)
        _ = header.extra
    except headers.BadHeader as error:
        raise ProofError("E-PROOF-HEADER", f"these bytes are no QBFT header: {error}") from error
    return header


@lru_cache(maxsize=SETS_KEPT)
def _validators(extra_data: bytes) -> tuple[Address, ...]:
    return tuple(map(Address, headers.ExtraData.decode(extra_data).validators))


def _extra_data(encoded: bytes) -> bytes:
    """Where it is in a header; nothing when these bytes do not look like one."""
    size = len(encoded)
    if size <= _SCALARS_AT or int.from_bytes(encoded[1:3], "big") + 3 != size:
        return b""
    if _PREFIXES_AT(encoded) != _PREFIXES:
        return b""
    at = _SCALARS_AT
    for _ in range(_SCALARS):
        prefix = encoded[at]
        at += 1 if prefix < 0x80 else prefix - 0x7F
        if prefix > 0xA0 or at + 3 > size:
            return b""
    if encoded[at] == 0xB8:
        return encoded[at + 2 : at + 2 + encoded[at + 1]]
    if encoded[at] == 0xB9:
        return encoded[at + 3 : at + 3 + int.from_bytes(encoded[at + 1 : at + 3], "big")]
    return b""


def _lowest(bitmap: int, count: int) -> int:
    """The lowest ``count`` bits that are set."""
    kept = 0
    for _ in range(count):
        lowest = bitmap & -bitmap
        kept |= lowest
        bitmap ^= lowest
    return kept
