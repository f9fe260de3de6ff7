"""Block headers as Besu's QBFT writes, hashes and seals them.

A QBFT header carries in ``extraData`` rlp[vanity, [validators], vote, round, [seals]]. Two hashes
follow from it, and they differ as soon as the round is not 0:

- the *block hash* leaves out who sealed and in which round (round 0, no seals), so one block that
  was sealed in two rounds has one identity; the genesis extraData is hashed as it is;
- the *seal hash* is what validators sign: the round kept, no seals.

Source: hyperledger/besu, QbftExtraDataCodec and QbftBlockHeaderFunctions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from chains import rlp
from chains.keys import BadSignature, keccak, recover

VANITY_BYTES = 32
SEAL_BYTES = 65
EXTRA_DATA = 12  # its place among the fields
EMPTY_OMMERS_HASH = keccak(rlp.EMPTY_LIST)
EMPTY_TRIE_ROOT = keccak(rlp.EMPTY_STRING)
ISTANBUL_MIX_HASH = bytes.fromhex(
    "63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"
)
NO_VOTE: rlp.Item = ()
DECODED_MAX = 256  # a header is decoded by every step that carries it


class BadHeader(ValueError):
    """Bytes that are no block header, or no QBFT extraData."""


@dataclass(frozen=True, slots=True)
class ExtraData:
    """The QBFT content of a header's extraData."""

    validators: tuple[bytes, ...]  # addresses, in the order that a signer bitmap counts
    round_number: int = 0
    seals: tuple[bytes, ...] = ()  # r | s | v each, v 0 or 1
    vanity: bytes = b"\x00" * VANITY_BYTES
    vote: rlp.Item = NO_VOTE

    def encode(self) -> bytes:
        """The extraData bytes."""
        seals = rlp.join(map(rlp.encode_bytes, self.seals))
        return rlp.listed(self._before_seals + seals)

    def encode_without_seals(self) -> bytes:
        """The extraData bytes that validators sign, with the header around them."""
        return rlp.listed(self._before_seals + rlp.EMPTY_LIST)

    @property
    def _before_seals(self) -> bytes:
        return _before_seals(self.vanity, self.validators, self.vote, self.round_number)

    @classmethod
    @lru_cache(maxsize=DECODED_MAX)
    def decode(cls, encoded: bytes) -> ExtraData:
        """Raises BadHeader."""
        try:
            vanity, validators, vote, round_number, seals = rlp.as_list(rlp.decode(encoded))
            return cls(
                validators=tuple(_sized(item, 20) for item in rlp.as_list(validators)),
                round_number=rlp.as_int(round_number),
                seals=tuple(_sized(item, SEAL_BYTES) for item in rlp.as_list(seals)),
                vanity=_sized(vanity, VANITY_BYTES),
                vote=vote,
            )
        except ValueError as error:
            raise BadHeader(f"extraData is not QBFT: {error}") from error


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of a block header: 15 before London, 16 with it, 17 since Shanghai."""

    parent_hash: bytes
    coinbase: bytes  # the proposer
    state_root: bytes
    height: int
    gas_limit: int
    timestamp_s: int
    extra_data: bytes
    transactions_root: bytes = EMPTY_TRIE_ROOT
    receipts_root: bytes = EMPTY_TRIE_ROOT
    logs_bloom: bytes = b"\x00" * 256
    gas_used: int = 0
    base_fee_per_gas: int | None = None
    withdrawals_root: bytes | None = None
    ommers_hash: bytes = EMPTY_OMMERS_HASH
    difficulty: int = 1  # Besu writes 1 under QBFT
    mix_hash: bytes = ISTANBUL_MIX_HASH
    nonce: bytes = b"\x00" * 8

    def encode(self) -> bytes:
        """The header's RLP, as it stands."""
        return rlp.join(map(rlp.encode_bytes, self._fields()))

    def encode_with(self, extra_data: bytes) -> bytes:
        """The header's RLP with another extraData."""
        fields = self._fields()
        fields[EXTRA_DATA] = extra_data
        return rlp.join(map(rlp.encode_bytes, fields))

    @classmethod
    @lru_cache(maxsize=DECODED_MAX)
    def decode(cls, encoded: bytes) -> Header:
        """Raises BadHeader."""
        try:
            items = rlp.as_list(rlp.decode(encoded))
            if not 15 <= len(items) <= 17:
                raise BadHeader(f"a header has 15 to 17 fields, found {len(items)}")
            return cls(
                parent_hash=_sized(items[0], 32),
                ommers_hash=_sized(items[1], 32),
                coinbase=_sized(items[2], 20),
                state_root=_sized(items[3], 32),
                transactions_root=_sized(items[4], 32),
                receipts_root=_sized(items[5], 32),
                logs_bloom=_sized(items[6], 256),
                difficulty=rlp.as_int(items[7]),
                height=rlp.as_int(items[8]),
                gas_limit=rlp.as_int(items[9]),
                gas_used=rlp.as_int(items[10]),
                timestamp_s=rlp.as_int(items[11]),
                extra_data=rlp.as_bytes(items[12]),
                mix_hash=_sized(items[13], 32),
                nonce=_sized(items[14], 8),
                base_fee_per_gas=rlp.as_int(items[15]) if len(items) > 15 else None,
                withdrawals_root=_sized(items[16], 32) if len(items) > 16 else None,
            )
        except rlp.RlpError as error:
            raise BadHeader(str(error)) from error

    @property
    def extra(self) -> ExtraData:
        """The decoded extraData. Raises BadHeader."""
        return ExtraData.decode(self.extra_data)

    def with_extra(self, extra: ExtraData) -> Header:
        """The same header with another extraData."""
        return replace(self, extra_data=extra.encode())

    def completed(
        self,
        state_root: bytes,
        transactions_root: bytes,
        receipts_root: bytes,
        logs_bloom: bytes,
        gas_used: int,
    ) -> Header:
        """The same header over a block's content, known once the block is full.

        By position, for each block needs it: ``replace`` takes three times as long.
        """
        return Header(
            self.parent_hash,
            self.coinbase,
            state_root,
            self.height,
            self.gas_limit,
            self.timestamp_s,
            self.extra_data,
            transactions_root,
            receipts_root,
            logs_bloom,
            gas_used,
            self.base_fee_per_gas,
            self.withdrawals_root,
            self.ommers_hash,
            self.difficulty,
            self.mix_hash,
            self.nonce,
        )

    def _fields(self) -> list[bytes]:
        fields = [
            self.parent_hash,
            self.ommers_hash,
            self.coinbase,
            self.state_root,
            self.transactions_root,
            self.receipts_root,
            self.logs_bloom,
            rlp.integer(self.difficulty),
            rlp.integer(self.height),
            rlp.integer(self.gas_limit),
            rlp.integer(self.gas_used),
            rlp.integer(self.timestamp_s),
            self.extra_data,
            self.mix_hash,
            self.nonce,
        ]
        if self.base_fee_per_gas is not None:
            fields.append(rlp.integer(self.base_fee_per_gas))
        if self.withdrawals_root is not None:
            fields.append(self.withdrawals_root)
        return fields


@dataclass(frozen=True, slots=True)
class SealedHeader:
    """A header as a light client takes it: what was signed, and beside it who signed.

    ``header`` has the round and no seals, so its keccak is the seal hash and nothing is re-encoded
    on chain. ``seals`` are r | s | v in validator order, one for each bit of ``bitmap``.
    """

    header: bytes
    bitmap: int  # bit i: the i-th validator of the header's list
    seals: bytes


@lru_cache(maxsize=DECODED_MAX)
def block_hash(header: Header) -> bytes:
    """The block's identity. Raises BadHeader when a header after the genesis is not QBFT."""
    if header.height == 0:
        return keccak(header.encode())
    extra = replace(header.extra, round_number=0, seals=())
    return keccak(header.with_extra(extra).encode())


def identity(unsealed: bytes, header: Header) -> bytes:
    """The block's hash from the bytes of a header without seals, and the same decoded."""
    if header.height and not header.extra.round_number:
        return keccak(unsealed)  # in round 0 they are hashed as they are
    return block_hash(header)


@lru_cache(maxsize=DECODED_MAX)
def seal_free(header: Header) -> bytes:
    """The header's RLP with its round and without seals. Raises BadHeader."""
    return header.encode_with(header.extra.encode_without_seals())


def seal_hash(header: Header) -> bytes:
    """What validators sign. Raises BadHeader."""
    return keccak(seal_free(header))


def signers(header: Header) -> tuple[bytes, ...]:
    """Who sealed, seal by seal; outsiders included. Raises BadHeader or BadSignature."""
    digest = seal_hash(header)
    return tuple(recover(digest, seal) for seal in header.extra.seals)


def for_light_client(encoded: bytes) -> SealedHeader:
    """Split a sealed header; seals of outsiders, junk and repetitions are left out.

    Raises BadHeader.
    """
    header = Header.decode(encoded)
    extra = header.extra
    unsealed = seal_free(header)
    digest = keccak(unsealed)
    by_position: dict[int, bytes] = {}
    for seal in extra.seals:
        position = _position(extra.validators, digest, seal)
        if position is not None:
            by_position.setdefault(position, seal)
    return SealedHeader(
        header=unsealed,
        bitmap=sum(1 << position for position in by_position),
        seals=b"".join(by_position[position] for position in sorted(by_position)),
    )


def _position(validators: tuple[bytes, ...], digest: bytes, seal: bytes) -> int | None:
    try:
        return validators.index(recover(digest, seal))
    except (BadSignature, ValueError):
        return None


@lru_cache(maxsize=DECODED_MAX)
def _before_seals(
    vanity: bytes, validators: tuple[bytes, ...], vote: rlp.Item, round_number: int
) -> bytes:
    """What stands before the seals in an extraData, encoded; the same for many a block."""
    items = (vanity, validators, vote, rlp.integer(round_number))
    return b"".join(map(rlp.encode, items))


def _sized(item: rlp.Item, size: int) -> bytes:
    value = rlp.as_bytes(item)
    if len(value) != size:
        raise rlp.RlpError(f"expected {size} bytes, found {len(value)}")
    return value
