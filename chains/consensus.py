"""Who seals: a validator set, its quorum, its seals, the proposer's turn.

All validators of a set seal at once, in the order of the header's list, and sealed is final. The
list is sorted by address, as Besu sorts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from chains import rlp
from chains.headers import ExtraData, Header, signers
from chains.keys import BadSignature, address_of, keccak, sign_digest

MAX_VALIDATORS = 32


class BadValidators(ValueError):
    """A validator set that cannot seal: empty, too large, or naming a validator twice."""


class NotSealed(ValueError):
    """A header without a quorum of valid seals."""


def quorum(validators: int) -> int:
    """How many seals make a block final: ceil(2N/3)."""
    return -(-2 * validators // 3)


_SEAL_PREFIX = b"\xb8\x41"  # RLP of 65 bytes


@dataclass(frozen=True, slots=True)
class ValidatorSet:
    """The keys of one set, sorted by address."""

    keys: tuple[bytes, ...]

    @classmethod
    def of(cls, keys: Sequence[bytes]) -> ValidatorSet:
        """Raises BadValidators."""
        if not 0 < len(keys) <= MAX_VALIDATORS:
            raise BadValidators(f"a set has 1 to {MAX_VALIDATORS} validators, not {len(keys)}")
        if len(set(keys)) != len(keys):
            raise BadValidators("a validator is named twice")
        return cls(tuple(sorted(keys, key=address_of)))

    @property
    def addresses(self) -> tuple[bytes, ...]:
        return _addresses(self.keys)

    def proposer(self, height: int) -> bytes:
        """Whose turn it is; round robin, so a header names it without a vote."""
        return address_of(self.keys[height % len(self.keys)])

    def extra_data(self) -> bytes:
        """The extraData of a header that this set will seal."""
        return _unsealed_extra_data(self.keys)


def seal(header: Header, keys: Sequence[bytes]) -> Header:
    """The header with the seals of ``keys``, in the order of its validator list."""
    extra = replace(header.extra, seals=())
    digest = keccak(header.with_extra(extra).encode())
    members = sorted(keys, key=lambda key: extra.validators.index(address_of(key)))
    seals = tuple(sign_digest(key, digest) for key in members)
    return header.with_extra(replace(extra, seals=seals))


def seal_unsealed(header: Header, block_hash: bytes, keys: Sequence[bytes]) -> bytes:
    """The RLP of a header of round 0, without seals so far, with those of its whole set.

    Before it is sealed, and in round 0, a block's hash is what validators sign.
    """
    seals = rlp.join([_SEAL_PREFIX + sign_digest(key, block_hash) for key in keys])
    return header.encode_with(rlp.listed(_before_seals(tuple(keys)) + seals))


def check_seals(header: Header) -> None:
    """Raises NotSealed unless a quorum of distinct members of the header's list has sealed it."""
    validators = header.extra.validators
    try:
        sealed_by = set(signers(header)).intersection(validators)
    except BadSignature as error:
        raise NotSealed(str(error)) from error
    if not validators or len(sealed_by) < quorum(len(validators)):
        raise NotSealed(f"{len(sealed_by)} of {len(validators)} validators have sealed")


@lru_cache(maxsize=256)
def _addresses(keys: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(address_of(key) for key in keys)


@lru_cache(maxsize=256)
def _before_seals(keys: tuple[bytes, ...]) -> bytes:
    """What stands before the seals in an extraData of round 0, encoded."""
    extra = ExtraData(_addresses(keys))
    items = (extra.vanity, extra.validators, extra.vote, rlp.integer(extra.round_number))
    return b"".join(map(rlp.encode, items))


@lru_cache(maxsize=256)
def _unsealed_extra_data(keys: tuple[bytes, ...]) -> bytes:
    return ExtraData(_addresses(keys)).encode()
