#pragma version ==0.4.3
"""
@title Inclusion in a receipts trie, parsed in place.
@dev A proof is the plain concatenation of the trie's nodes, root first. A receipt has a 256-byte
     bloom, so no node of a receipts trie is under 32 bytes: inlined nodes are not followed.
     No rlp(index) is a prefix of another, so no branch has a value.
"""

from . import rlp

PROOF_MAX: constant(uint256) = 4096
PADDED_MAX: constant(uint256) = PROOF_MAX + 32
DEPTH_MAX: constant(uint256) = 8
INDEX_MAX: constant(uint256) = 65535

TRIE_INDEX: constant(String[32]) = "trie: index too large"
TRIE_ZERO_ROOT: constant(String[32]) = "trie: zero root"
TRIE_NODE: constant(String[32]) = "trie: node is not a list"
TRIE_SHORT_NODE: constant(String[32]) = "trie: hashed node too short"
TRIE_HASH: constant(String[32]) = "trie: node has another hash"
TRIE_PATH: constant(String[32]) = "trie: path badly encoded"
TRIE_KEY: constant(String[32]) = "trie: another key"
TRIE_LEAF: constant(String[32]) = "trie: leaf of another length"
TRIE_VALUE: constant(String[32]) = "trie: value is not bytes"
TRIE_TAIL: constant(String[32]) = "trie: bytes after the leaf"
TRIE_EXTENSION: constant(String[32]) = "trie: extension without a path"
TRIE_BRANCH: constant(String[32]) = "trie: branch is not 17 items"
TRIE_BRANCH_VALUE: constant(String[32]) = "trie: branch with a value"
TRIE_ABSENT: constant(String[32]) = "trie: no such key"
TRIE_CHILD: constant(String[32]) = "trie: child is not a hash"
TRIE_DEPTH: constant(String[32]) = "trie: too deep"


@internal
@pure
def _index_key(index: uint256) -> (uint256, uint256):
    """
    @notice The trie key of a transaction's receipt: rlp(index), left aligned, and its nibbles.
    """
    if index == 0:
        return 128 << 248, 2
    if index < 128:
        return index << 248, 2
    if index < 256:
        return ((129 << 8) | index) << 240, 4
    assert index <= INDEX_MAX, TRIE_INDEX
    return ((130 << 16) | index) << 232, 6


@internal
@pure
def _value(root: bytes32, index: uint256, proof: Bytes[PADDED_MAX]) -> (uint256, uint256):
    """
    @notice Where in `proof` the value stored under rlp(`index`) starts and ends.
    @param proof The nodes with 32 zero bytes behind them.
    """
    assert root != empty(bytes32), TRIE_ZERO_ROOT
    total: uint256 = len(proof) - 32
    key: uint256 = 0
    nibbles: uint256 = 0
    key, nibbles = self._index_key(index)  # what is left of the key, left aligned
    expected: bytes32 = root
    node: uint256 = 0
    for depth: uint256 in range(DEPTH_MAX):
        is_list: bool = False
        items: uint256 = 0
        node_end: uint256 = 0
        is_list, items, node_end = rlp._item(convert(extract32(proof, node), uint256), node, total)
        assert is_list, TRIE_NODE
        size: uint256 = unsafe_sub(node_end, node)
        assert size >= 32 or depth == 0, TRIE_SHORT_NODE
        assert keccak256(slice(proof, node, size)) == expected, TRIE_HASH

        path_is_list: bool = False
        path: uint256 = 0
        path_end: uint256 = 0
        path_is_list, path, path_end = rlp._item(
            convert(extract32(proof, items), uint256), items, node_end
        )
        child_is_list: bool = False
        child: uint256 = 0
        child_end: uint256 = 0
        child_is_list, child, child_end = rlp._item(
            convert(extract32(proof, path_end), uint256), path_end, node_end
        )
        if child_end == node_end:
            # Two items: a leaf or an extension, its path in hex-prefix encoding (appendix C).
            assert not path_is_list and path_end > path, TRIE_PATH
            word: uint256 = convert(extract32(proof, path), uint256)
            flag: uint256 = word >> 252
            length: uint256 = unsafe_mul(2, unsafe_sub(unsafe_sub(path_end, path), 1))
            assert flag <= 3 and length <= 6, TRIE_PATH
            if flag & 1 == 1:
                length = unsafe_add(length, 1)
                word = word << 4
            else:
                assert (word >> 248) & 15 == 0, TRIE_PATH
                word = word << 8
            if flag >= 2:
                assert length == nibbles, TRIE_LEAF
            assert length <= nibbles, TRIE_KEY
            unread: uint256 = unsafe_sub(256, unsafe_mul(4, length))
            assert word >> unread == key >> unread, TRIE_KEY
            if flag >= 2:
                assert not child_is_list, TRIE_VALUE
                assert node_end == total, TRIE_TAIL
                return child, child_end
            assert length > 0, TRIE_EXTENSION
            key = key << unsafe_mul(4, length)
            nibbles = unsafe_sub(nibbles, length)
        else:
            assert nibbles > 0, TRIE_BRANCH_VALUE
            wanted: uint256 = key >> 252
            position: uint256 = items
            for slot: uint256 in range(16):
                # A child is 32 bytes behind a0, or nothing: 80. Cheaper than a call to rlp.
                prefix: uint256 = convert(extract32(proof, position), uint256) >> 248
                start: uint256 = unsafe_add(position, 1)
                position = start
                if prefix == 160:
                    position = unsafe_add(start, 32)
                else:
                    assert prefix == 128, TRIE_CHILD
                assert position < node_end, TRIE_BRANCH
                if slot == wanted:
                    child = start
                    child_end = position
            assert unsafe_add(position, 1) == node_end, TRIE_BRANCH
            assert convert(extract32(proof, position), uint256) >> 248 == 128, TRIE_BRANCH_VALUE
            assert child_end > child, TRIE_ABSENT
            child_is_list = False
            key = key << 4
            nibbles = unsafe_sub(nibbles, 1)

        assert not child_is_list and unsafe_sub(child_end, child) == 32, TRIE_CHILD
        expected = extract32(proof, child)
        node = node_end
    raise TRIE_DEPTH

