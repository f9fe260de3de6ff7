#pragma version ==0.4.3
"""
@title QBFT block headers, exactly as Besu writes them.
@dev A header arrives without commit seals: extraData = rlp[vanity, validators, vote, round, []].
     Its keccak256 is what validators sign. The block's identity is the same header with round 0:
     one block sealed in two rounds has two seal hashes and one identity.
"""

from . import rlp

HEADER_MAX: constant(uint256) = 1536  # 32 validators need under 1,400
PADDED_MAX: constant(uint256) = HEADER_MAX + 32
VALIDATORS_MAX: constant(uint256) = 32

# The first seven fields have fixed sizes, so what they start with and where is fixed, too.
OMMERS_AT: constant(uint256) = 33
COINBASE_AT: constant(uint256) = 66
STATE_ROOT_AT: constant(uint256) = 87
TRANSACTIONS_ROOT_AT: constant(uint256) = 120
RECEIPTS_ROOT_AT: constant(uint256) = 153
BLOOM_AT: constant(uint256) = 186
DIFFICULTY_AT: constant(uint256) = 445
# Difficulty, number, gas limit, gas used, timestamp.
NUMBERS: constant(uint256) = 5
NUMBER_INDEX: constant(uint256) = 1
# So have the two fields behind extraData.
NONCE_AT: constant(uint256) = 33
MIX_HASH_AND_NONCE: constant(uint256) = 42

PREFIX_32: constant(uint256) = 160
PREFIX_20: constant(uint256) = 148
PREFIX_8: constant(uint256) = 136
PREFIX_BLOOM: constant(uint256) = 12124416  # b9 01 00
# A vote's payload: 94 and the recipient, then 81 ff or 80.
ADD_SIZE: constant(uint256) = 23
ADD_KIND: constant(uint256) = 33279  # 81 ff
DROP_SIZE: constant(uint256) = 22
# "ctical byzantine fault tolerance" in ASCII, from EIP-650: the mix hash of every BFT block.
BFT_MIX_HASH: constant(bytes32) = 0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365

HEADER_LIST: constant(String[32]) = "header: not one list"
HEADER_SHORT: constant(String[32]) = "header: too few fields"
HEADER_FIELD: constant(String[32]) = "header: field of a wrong size"
HEADER_SCALAR: constant(String[32]) = "header: number is a list"
HEADER_TAIL: constant(String[32]) = "header: too many fields"
HEADER_NUMBER: constant(String[32]) = "header: bad block number"
HEADER_MIX_HASH: constant(String[32]) = "header: not a BFT block"
HEADER_EXTRA: constant(String[32]) = "header: extraData not one list"
HEADER_VANITY: constant(String[32]) = "header: bad vanity"
HEADER_VALIDATORS: constant(String[32]) = "header: bad validator list"
HEADER_VOTE: constant(String[32]) = "header: bad vote"
HEADER_ROUND: constant(String[32]) = "header: bad round"
HEADER_SEALS: constant(String[32]) = "header: seals not an empty list"


struct Header:
    number: uint256
    parent_hash: bytes32
    receipts_root: bytes32
    seal_hash: bytes32  # what validators sign
    block_hash: bytes32  # the identity
    validators: DynArray[address, VALIDATORS_MAX]


struct ExtraData:
    validators: DynArray[address, VALIDATORS_MAX]
    start: uint256  # of the list's payload
    round_at: uint256
    round: uint256


@internal
@pure
def _parse(encoded: Bytes[HEADER_MAX]) -> Header:
    """
    @notice Reads a header of 15 fields (Berlin), 16 (London) or 17 (Shanghai) without seals.
    """
    padded: Bytes[PADDED_MAX] = concat(encoded, empty(bytes32))
    total: uint256 = len(encoded)
    header: Header = empty(Header)
    header.seal_hash = keccak256(encoded)
    is_list: bool = False
    start: uint256 = 0
    end: uint256 = 0
    fields: uint256 = 0
    is_list, fields, end = rlp._item(convert(extract32(padded, 0), uint256), 0, total)
    assert is_list and end == total, HEADER_LIST

    assert fields + DIFFICULTY_AT < total, HEADER_SHORT
    assert (
        convert(extract32(padded, fields), uint256) >> 248 == PREFIX_32
        and convert(extract32(padded, fields + OMMERS_AT), uint256) >> 248 == PREFIX_32
        and convert(extract32(padded, fields + COINBASE_AT), uint256) >> 248 == PREFIX_20
        and convert(extract32(padded, fields + STATE_ROOT_AT), uint256) >> 248 == PREFIX_32
        and convert(extract32(padded, fields + TRANSACTIONS_ROOT_AT), uint256) >> 248 == PREFIX_32
        and convert(extract32(padded, fields + RECEIPTS_ROOT_AT), uint256) >> 248 == PREFIX_32
        and convert(extract32(padded, fields + BLOOM_AT), uint256) >> 232 == PREFIX_BLOOM
    ), HEADER_FIELD
    header.parent_hash = extract32(padded, fields + 1)
    header.receipts_root = extract32(padded, fields + RECEIPTS_ROOT_AT + 1)

    position: uint256 = fields + DIFFICULTY_AT
    for index: uint256 in range(NUMBERS):
        is_list, start, end = rlp._item(
            convert(extract32(padded, position), uint256), position, total
        )
        assert not is_list, HEADER_SCALAR
        scalar: uint256 = rlp._number(
            convert(extract32(padded, start), uint256), unsafe_sub(end, start)
        )
        if index == NUMBER_INDEX:
            # Genesis is not sealed, so it is never believed.
            assert scalar > 0 and scalar >> 64 == 0, HEADER_NUMBER
            header.number = scalar
        position = end

    extra_end: uint256 = 0
    is_list, start, extra_end = rlp._item(
        convert(extract32(padded, position), uint256), position, total
    )
    assert not is_list, HEADER_EXTRA
    self._check_tail(padded, extra_end)
    extra: ExtraData = self._extra_data(padded, start, extra_end)
    header.validators = extra.validators
    header.block_hash = header.seal_hash
    if extra.round > 0:
        header.block_hash = self._block_hash(
            padded, fields, position, extra_end, extra.start, extra.round_at
        )
    return header


@internal
@pure
def _check_tail(padded: Bytes[PADDED_MAX], extra_end: uint256):
    """
    @notice Refuses what is not mix hash, nonce, perhaps a base fee and a withdrawals root.
    """
    total: uint256 = len(padded) - 32
    position: uint256 = extra_end + MIX_HASH_AND_NONCE
    assert position <= total, HEADER_SHORT
    assert (
        convert(extract32(padded, extra_end), uint256) >> 248 == PREFIX_32
        and convert(extract32(padded, extra_end + NONCE_AT), uint256) >> 248 == PREFIX_8
    ), HEADER_FIELD
    assert extract32(padded, extra_end + 1) == BFT_MIX_HASH, HEADER_MIX_HASH
    if position < total:
        is_list: bool = False
        start: uint256 = 0
        end: uint256 = 0
        is_list, start, end = rlp._item(
            convert(extract32(padded, position), uint256), position, total
        )
        assert not is_list, HEADER_SCALAR
        rlp._number(convert(extract32(padded, start), uint256), end - start)
        position = end
    if position < total:
        assert convert(extract32(padded, position), uint256) >> 248 == PREFIX_32, HEADER_FIELD
        position += 33
    assert position == total, HEADER_TAIL


@internal
@pure
def _extra_data(padded: Bytes[PADDED_MAX], extra_at: uint256, extra_end: uint256) -> ExtraData:
    extra: ExtraData = empty(ExtraData)
    is_list: bool = False
    start: uint256 = 0
    end: uint256 = 0
    is_list, extra.start, end = rlp._item(
        convert(extract32(padded, extra_at), uint256), extra_at, extra_end
    )
    assert is_list and end == extra_end, HEADER_EXTRA

    is_list, start, end = rlp._item(
        convert(extract32(padded, extra.start), uint256), extra.start, extra_end
    )
    assert not is_list and end - start == 32, HEADER_VANITY

    position: uint256 = 0
    is_list, position, end = rlp._item(convert(extract32(padded, end), uint256), end, extra_end)
    count: uint256 = (end - position) // 21
    assert is_list and count * 21 == end - position and count <= VALIDATORS_MAX, HEADER_VALIDATORS
    for _validator: uint256 in range(count, bound=VALIDATORS_MAX):
        item: uint256 = convert(extract32(padded, position), uint256)
        assert item >> 248 == PREFIX_20, HEADER_VALIDATORS
        extra.validators.append(convert((item << 8) >> 96, address))
        position += 21

    is_list, start, end = rlp._item(convert(extract32(padded, end), uint256), end, extra_end)
    assert is_list and (start == end or self._is_vote(padded, start, end)), HEADER_VOTE

    extra.round_at = end
    is_list, start, end = rlp._item(convert(extract32(padded, end), uint256), end, extra_end)
    assert not is_list and end - start <= 4, HEADER_ROUND
    extra.round = rlp._number(convert(extract32(padded, start), uint256), end - start)

    assert end + 1 == extra_end, HEADER_SEALS
    assert convert(extract32(padded, end), uint256) >> 248 == rlp.LIST_BASE, HEADER_SEALS
    return extra


@internal
@pure
def _is_vote(padded: Bytes[PADDED_MAX], start: uint256, end: uint256) -> bool:
    """
    @notice Whether a list is [recipient, ff] (add that validator) or [recipient, empty] (drop it).
    """
    if end - start != DROP_SIZE and end - start != ADD_SIZE:
        return False
    recipient: uint256 = convert(extract32(padded, start), uint256) >> 248
    kind: uint256 = convert(extract32(padded, start + 21), uint256) >> 240
    if end - start == DROP_SIZE:
        return recipient == PREFIX_20 and kind >> 8 == rlp.STRING_BASE
    return recipient == PREFIX_20 and kind == ADD_KIND


@internal
@pure
def _block_hash(
    padded: Bytes[PADDED_MAX],
    fields: uint256,
    extra_at: uint256,
    extra_end: uint256,
    extra_list: uint256,
    round_at: uint256,
) -> bytes32:
    """
    @notice The header's hash with round 0. A shorter round changes the three lengths around it.
    """
    # Round 0 and no seals are the two bytes 80 c0.
    extra_list_size: uint256 = round_at - extra_list + 2
    extra_list_prefix: Bytes[32] = rlp._list_prefix(extra_list_size)
    extra_size: uint256 = len(extra_list_prefix) + extra_list_size
    extra_prefix: Bytes[32] = rlp._string_prefix(extra_size)
    total: uint256 = len(padded) - 32
    size: uint256 = extra_at - fields + len(extra_prefix) + extra_size + total - extra_end
    return keccak256(
        concat(
            rlp._list_prefix(size),
            slice(padded, fields, extra_at - fields),
            extra_prefix,
            extra_list_prefix,
            slice(padded, extra_list, round_at - extra_list),
            x"80c0",
            slice(padded, extra_end, total - extra_end),
        )
    )
