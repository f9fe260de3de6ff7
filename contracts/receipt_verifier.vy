#pragma version ==0.4.3
"""
@title Receipt verifier: proves that one log stands in a block.
@dev Pure. It answers with the log's emitter, first topic and the hash of its data, never with the
     data: a caller compares that with the hash of what it expects, of any size.
"""

from modules import merkle_patricia
from modules import rlp

LOGS_MAX: constant(uint256) = 256
BLOOM_SIZE: constant(uint256) = 256
STATUS_SUCCESS: constant(uint256) = 1
TYPE_ACCESS_LIST: constant(uint256) = 1  # EIP-2930
TYPE_DYNAMIC_FEE: constant(uint256) = 2  # EIP-1559

RECEIPT_TYPE: constant(String[32]) = "receipt: unknown type"
RECEIPT_FORM: constant(String[32]) = "receipt: not one list"
RECEIPT_STATUS: constant(String[32]) = "receipt: not successful"
RECEIPT_GAS: constant(String[32]) = "receipt: bad gas used"
RECEIPT_BLOOM: constant(String[32]) = "receipt: bad bloom"
RECEIPT_LOGS: constant(String[32]) = "receipt: logs not the last field"
LOG_INDEX: constant(String[32]) = "log: no such index"
LOG_FORM: constant(String[32]) = "log: not a list"
LOG_ADDRESS: constant(String[32]) = "log: bad address"
LOG_TOPICS: constant(String[32]) = "log: bad topics"
LOG_DATA: constant(String[32]) = "log: bad data"


@external
@pure
def verify(
    receipts_root: bytes32,
    tx_index: uint256,
    log_index: uint256,
    proof: Bytes[merkle_patricia.PROOF_MAX],
) -> (address, bytes32, uint256, bytes32):
    """
    @notice Proves one log of a successful transaction against the receipts root of its block.
    @param proof The trie's nodes from the root to the receipt, one after the other.
    @return The emitter, the first topic (zero without one), how many topics, keccak256 of the data.
    """
    padded: Bytes[merkle_patricia.PADDED_MAX] = concat(proof, empty(bytes32))
    start: uint256 = 0
    end: uint256 = 0
    start, end = merkle_patricia._value(receipts_root, tx_index, padded)
    return self._log(padded, start, end, log_index)


@internal
@pure
def _log(
    proof: Bytes[merkle_patricia.PADDED_MAX],
    receipt: uint256,
    receipt_end: uint256,
    log_index: uint256,
) -> (address, bytes32, uint256, bytes32):
    """
    @notice Reads a log out of the receipt that lies in `proof` between two offsets.
    """
    is_list: bool = False
    start: uint256 = 0
    end: uint256 = 0
    position: uint256 = receipt
    word: uint256 = convert(extract32(proof, position), uint256)
    if word >> 248 < 128:
        # EIP-2718: the type's byte stands before the list.
        assert word >> 248 == TYPE_ACCESS_LIST or word >> 248 == TYPE_DYNAMIC_FEE, RECEIPT_TYPE
        position += 1
        word = convert(extract32(proof, position), uint256)
    is_list, position, end = rlp._item(word, position, receipt_end)
    assert is_list and end == receipt_end, RECEIPT_FORM

    assert position < end, RECEIPT_STATUS
    assert convert(extract32(proof, position), uint256) >> 248 == STATUS_SUCCESS, RECEIPT_STATUS
    position += 1

    is_list, start, position = rlp._item(
        convert(extract32(proof, position), uint256), position, end
    )
    assert not is_list and position - start <= 8, RECEIPT_GAS
    assert rlp._number(convert(extract32(proof, start), uint256), position - start) > 0, RECEIPT_GAS

    is_list, start, position = rlp._item(
        convert(extract32(proof, position), uint256), position, end
    )
    assert not is_list and position - start == BLOOM_SIZE, RECEIPT_BLOOM

    logs_end: uint256 = 0
    is_list, position, logs_end = rlp._item(
        convert(extract32(proof, position), uint256), position, end
    )
    assert is_list and logs_end == end, RECEIPT_LOGS

    assert log_index < LOGS_MAX, LOG_INDEX
    end = position
    for _index: uint256 in range(log_index + 1, bound=LOGS_MAX):
        assert end < logs_end, LOG_INDEX
        is_list, start, end = rlp._item(convert(extract32(proof, end), uint256), end, logs_end)
        assert is_list, LOG_FORM

    assert start < end, LOG_ADDRESS
    is_list, start, position = rlp._item(convert(extract32(proof, start), uint256), start, end)
    assert not is_list and position - start == 20, LOG_ADDRESS
    emitter: address = convert(convert(extract32(proof, start), uint256) >> 96, address)

    topics_end: uint256 = 0
    is_list, position, topics_end = rlp._item(
        convert(extract32(proof, position), uint256), position, end
    )
    topic_count: uint256 = (topics_end - position) // 33
    assert is_list and topic_count * 33 == topics_end - position and topic_count <= 4, LOG_TOPICS
    topic0: bytes32 = empty(bytes32)
    if topic_count > 0:
        topic0 = extract32(proof, position + 1)
    for _topic: uint256 in range(topic_count, bound=4):
        assert convert(extract32(proof, position), uint256) >> 248 == 160, LOG_TOPICS
        position += 33

    is_list, start, position = rlp._item(
        convert(extract32(proof, topics_end), uint256), topics_end, end
    )
    assert not is_list and position == end, LOG_DATA
    return emitter, topic0, topic_count, keccak256(slice(proof, start, end - start))
