#pragma version ==0.4.3
"""
@title Strict RLP: one item's header at a time, canonical encodings only (yellow paper, appendix B).
@dev Vyper copies a Bytes argument at every internal call. So these functions see only the 32-byte
     word at an item's first byte; callers keep 32 zero bytes behind their buffer to read it.
"""

RLP_ENDED: constant(String[32]) = "rlp: item past the end"
RLP_BYTE: constant(String[32]) = "rlp: byte with a needless prefix"
RLP_LENGTH: constant(String[32]) = "rlp: length not canonical"
RLP_HUGE: constant(String[32]) = "rlp: length too large"
RLP_NUMBER: constant(String[32]) = "rlp: number not canonical"

STRING_BASE: constant(uint256) = 128
LIST_BASE: constant(uint256) = 192
SHORT_MAX: constant(uint256) = 55


@internal
@pure
def _item(word: uint256, position: uint256, container_end: uint256) -> (bool, uint256, uint256):
    """
    @param word The 32 bytes at `position`, left aligned.
    @param container_end First offset past what encloses the item.
    @return Whether it is a list, and the start and end of its payload (the end is the next item).
    """
    assert position < container_end, RLP_ENDED
    prefix: uint256 = word >> 248
    if prefix < STRING_BASE:
        return False, position, unsafe_add(position, 1)
    is_list: bool = prefix >= LIST_BASE
    size: uint256 = unsafe_sub(prefix, STRING_BASE)
    if is_list:
        size = unsafe_sub(prefix, LIST_BASE)
    start: uint256 = unsafe_add(position, 1)
    if size > SHORT_MAX:
        # Two length bytes reach 65,535, more than any buffer here.
        width: uint256 = unsafe_sub(size, SHORT_MAX)
        assert width <= 2, RLP_HUGE
        size = (word << 8) >> unsafe_sub(256, unsafe_mul(8, width))
        assert size > SHORT_MAX and size >> unsafe_mul(8, unsafe_sub(width, 1)) != 0, RLP_LENGTH
        start = unsafe_add(start, width)
    elif prefix == 129:
        assert (word >> 240) & 255 >= STRING_BASE, RLP_BYTE
    end: uint256 = unsafe_add(start, size)
    assert end <= container_end, RLP_ENDED
    return is_list, start, end


@internal
@pure
def _number(word: uint256, size: uint256) -> uint256:
    """
    @notice The number of `size` bytes that `word` starts with: no leading zero, and zero is empty.
    """
    if size == 0:
        return 0
    assert size <= 32 and word >> 248 != 0, RLP_NUMBER
    return word >> unsafe_sub(256, unsafe_mul(8, size))


@internal
@pure
def _list_prefix(size: uint256) -> Bytes[32]:
    """
    @notice What stands before a list whose payload has `size` bytes.
    """
    return self._prefix(LIST_BASE, size)


@internal
@pure
def _string_prefix(size: uint256) -> Bytes[32]:
    """
    @notice What stands before a string of `size` bytes, two or more.
    """
    return self._prefix(STRING_BASE, size)


@internal
@pure
def _prefix(base: uint256, size: uint256) -> Bytes[32]:
    if size <= SHORT_MAX:
        return slice(convert((base + size) << 248, bytes32), 0, 1)
    if size < 256:
        return slice(convert((((base + SHORT_MAX + 1) << 8) | size) << 240, bytes32), 0, 2)
    assert size < 65536, RLP_HUGE
    return slice(convert((((base + SHORT_MAX + 2) << 16) | size) << 232, bytes32), 0, 3)
