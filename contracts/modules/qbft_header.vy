#pragma version ==0.4.3
"""
@title QBFT block headers, exactly as Besu writes them.
@dev A header arrives without commit seals: extraData = rlp[vanity, validators, vote, round, []]. Its
     keccak256 is what validators sign. The block's identity is the same header with round 0: one
     block sealed in two rounds has two seal hashes and one identity.
"""

from . import rlp

HEADER_MAX: constant(uint256) = 2048
PADDED_MAX: constant(uint256) = HEADER_MAX + 32
VALIDATORS_MAX: constant(uint256) = 32
FIELDS_MIN: constant(uint256) = 15  # Berlin; base fee (London) and withdrawals root (Shanghai) make 17
FIELDS_MAX: constant(uint256) = 17

# The fields that matter here, by position; and the sizes of those that have one, 0 for numbers.
PARENT_HASH_AT: constant(uint256) = 0
RECEIPTS_ROOT_AT: constant(uint256) = 5
NUMBER_AT: constant(uint256) = 8
EXTRA_DATA_AT: constant(uint256) = 12
MIX_HASH_AT: constant(uint256) = 13
FIELD_SIZES: constant(uint256[FIELDS_MAX]) = [
    32, 32, 20, 32, 32, 32, 256, 0, 0, 0, 0, 0, 0, 32, 8, 0, 32
]
# keccak256("Istanbul practical byzantine fault tolerance") as EIP-650 gives it: every BFT block has it.
BFT_MIX_HASH: constant(bytes32) = 0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365

HEADER_LIST: constant(String[32]) = "header: not one list"
HEADER_FIELD: constant(String[32]) = "header: field of a wrong size"
HEADER_COUNT: constant(String[32]) = "header: not 15 to 17 fields"
HEADER_NUMBER: constant(String[32]) = "header: bad block number"
HEADER_MIX_HASH: constant(String[32]) = "header: not a BFT block"
HEADER_EXTRA: constant(String[32]) = "header: extraData not one list"
HEADER_VANITY: constant(String[32]) = "header: bad vanity"
HEADER_VALIDATORS: constant(String[32]) = "header: bad validator list"
HEADER_VOTE: constant(String[32]) = "header: vote is not a list"
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
    @notice Reads a header that carries no seals; refuses any other form of it.
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

    position: uint256 = fields
    count: uint256 = 0
    extra_at: uint256 = 0
    extra_start: uint256 = 0
    extra_end: uint256 = 0
    for field: uint256 in range(FIELDS_MAX):
        if position == total:
            break
        is_list, start, end = rlp._item(convert(extract32(padded, position), uint256), position, total)
        size: uint256 = unsafe_sub(end, start)
        expected: uint256 = FIELD_SIZES[field]
        assert not is_list and (size == expected or expected == 0), HEADER_FIELD
        word: bytes32 = extract32(padded, start)
        if field == EXTRA_DATA_AT:
            extra_at = position
            extra_start = start
            extra_end = end
        elif expected == 0:
            scalar: uint256 = rlp._number(convert(word, uint256), size)
            if field == NUMBER_AT:
                # Genesis is not sealed, so it is never believed.
                assert size <= 8 and scalar > 0, HEADER_NUMBER
                header.number = scalar
        elif field == PARENT_HASH_AT:
            header.parent_hash = word
        elif field == RECEIPTS_ROOT_AT:
            header.receipts_root = word
        elif field == MIX_HASH_AT:
            assert word == BFT_MIX_HASH, HEADER_MIX_HASH
        position = end
        count = unsafe_add(count, 1)
    assert position == total and count >= FIELDS_MIN, HEADER_COUNT

    extra: ExtraData = self._extra_data(padded, extra_start, extra_end)
    header.validators = extra.validators
    header.block_hash = header.seal_hash
    if extra.round > 0:
        header.block_hash = self._block_hash(padded, fields, extra_at, extra_end, extra.start, extra.round_at)
    return header


@internal
@pure
def _extra_data(padded: Bytes[PADDED_MAX], extra_at: uint256, extra_end: uint256) -> ExtraData:
    extra: ExtraData = empty(ExtraData)
    is_list: bool = False
    start: uint256 = 0
    end: uint256 = 0
    is_list, extra.start, end = rlp._item(convert(extract32(padded, extra_at), uint256), extra_at, extra_end)
    assert is_list and end == extra_end, HEADER_EXTRA

    is_list, start, end = rlp._item(convert(extract32(padded, extra.start), uint256), extra.start, extra_end)
    assert not is_list and end - start == 32, HEADER_VANITY

    position: uint256 = 0
    is_list, position, end = rlp._item(convert(extract32(padded, end), uint256), end, extra_end)
    count: uint256 = (end - position) // 21
    assert is_list and count * 21 == end - position and count <= VALIDATORS_MAX, HEADER_VALIDATORS
    for _validator: uint256 in range(count, bound=VALIDATORS_MAX):
        item: uint256 = convert(extract32(padded, position), uint256)
        assert item >> 248 == 148, HEADER_VALIDATORS
        extra.validators.append(convert((item << 8) >> 96, address))
        position += 21

    is_list, start, end = rlp._item(convert(extract32(padded, end), uint256), end, extra_end)
    assert is_list, HEADER_VOTE

    extra.round_at = end
    is_list, start, end = rlp._item(convert(extract32(padded, end), uint256), end, extra_end)
    assert not is_list and end - start <= 4, HEADER_ROUND
    extra.round = rlp._number(convert(extract32(padded, start), uint256), end - start)

    assert end + 1 == extra_end, HEADER_SEALS
    assert convert(extract32(padded, end), uint256) >> 248 == rlp.LIST_BASE, HEADER_SEALS
    return extra


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
