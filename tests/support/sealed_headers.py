"""Headers and who seals them, honest or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chains import rlp
from chains.consensus import ValidatorSet
from chains.headers import EMPTY_TRIE_ROOT, ExtraData, Header, SealedHeader, seal_free
from chains.keys import address_of, keccak, sign_digest
from tests.support.receipts import BLOOM

SEAL_BYTES = 65


def validator_set(*names: int) -> ValidatorSet:
    """The validators with these names: the same number is always the same key."""
    return ValidatorSet.of([keccak(b"validator %d" % name) for name in names])


FOUR = validator_set(1, 2, 3, 4)
ROOT = keccak(b"the receipts of a block")


def header(validators: ValidatorSet = FOUR, round_number: int = 0, **fields: Any) -> Header:
    """A header of a block with transactions, of 17 fields."""
    return replace(
        Header(
            parent_hash=keccak(b"the parent"),
            coinbase=validators.addresses[0],
            state_root=keccak(b"the state"),
            height=5,
            gas_limit=30_000_000,
            timestamp_s=1_800_000_000,
            extra_data=ExtraData(validators.addresses, round_number).encode(),
            transactions_root=keccak(b"the transactions"),
            receipts_root=ROOT,
            logs_bloom=BLOOM,
            gas_used=1_234_567,
            base_fee_per_gas=0,
            withdrawals_root=EMPTY_TRIE_ROOT,
        ),
        **fields,
    )


def sealed(head: Header, signers: Sequence[bytes] | None = None) -> SealedHeader:
    """The header with seals of ``signers``: private keys of its own set, by default its quorum."""
    listed = head.extra.validators
    keys = FOUR.keys[:3] if signers is None else signers
    return sealed_bytes(seal_free(head), {listed.index(address_of(key)): key for key in keys})


def sealed_bytes(encoded: bytes, keys: dict[int, bytes]) -> SealedHeader:
    """Any bytes with a seal by ``keys`` at their positions."""
    digest = keccak(encoded)
    return SealedHeader(
        header=encoded,
        bitmap=sum(1 << position for position in keys),
        seals=b"".join(sign_digest(keys[position], digest) for position in sorted(keys)),
    )


def sealed_fields(fields: Sequence[rlp.Item]) -> SealedHeader:
    """Any list of fields, sealed by the quorum of FOUR."""
    return sealed_bytes(rlp.encode(fields), dict(enumerate(FOUR.keys[:3])))


def seals_of(packet: SealedHeader) -> list[bytes]:
    """The seals one by one."""
    return [
        packet.seals[start : start + SEAL_BYTES]
        for start in range(0, len(packet.seals), SEAL_BYTES)
    ]


FIELDS: Sequence[rlp.Item] = rlp.as_list(rlp.decode(seal_free(header())))
EXTRA: Sequence[rlp.Item] = rlp.as_list(rlp.decode(rlp.as_bytes(FIELDS[12])))
EXTRA_DATA = 12


def with_field(place: int, value: rlp.Item) -> SealedHeader:
    """The honest header but for one field, sealed by the quorum of FOUR."""
    return sealed_fields([*FIELDS[:place], value, *FIELDS[place + 1 :]])


def with_extra(place: int, *values: rlp.Item) -> SealedHeader:
    """The same but for one item of extraData, replaced by any number of others."""
    extra = [*EXTRA[:place], *values, *EXTRA[place + 1 :]]
    return with_field(EXTRA_DATA, rlp.encode(extra))
