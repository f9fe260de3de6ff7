# pragma version ==0.4.3
"""
@title Records: one storage word for each trade this contract knows
@license Apache-2.0
@dev A trade names one hub, so on one chain a contract is either its hub or its leg agent. The low
     byte is the status; above it, while OPEN, the legs not yet proven held, and once decided, the
     legs not yet delivered.
"""

event Announced:
    chain_id: uint256
    ids: DynArray[bytes32, 32]
    statuses: DynArray[uint8, 32]

event Duplicate:
    trade_id: indexed(bytes32)

IDS_MAX: constant(uint256) = 32

UNKNOWN: constant(uint256) = 0
OPEN: constant(uint256) = 1
COMMITTED: constant(uint256) = 2
ABORTED: constant(uint256) = 3
HELD: constant(uint256) = 4
OBJECTED: constant(uint256) = 5
EXECUTED: constant(uint256) = 6
RELEASED: constant(uint256) = 7
REFUSED: constant(uint256) = 8

STATUS: constant(uint256) = 255

NOTHING_TO_SAY: constant(String[32]) = "records: nothing to announce"

words: HashMap[bytes32, uint256]


@view
@internal
def _status(trade_id: bytes32) -> uint256:
    return self.words[trade_id] & STATUS


@internal
def _write(trade_id: bytes32, status: uint256, mask: uint256):
    self.words[trade_id] = status | (mask << 8)


@internal
def _announce(trade_id: bytes32, status: uint256):
    """
    @dev Every state change that another chain may need to see says so for its own trade
    """
    log Announced(chain_id=chain.id, ids=[trade_id], statuses=[convert(status, uint8)])


@internal
def _announce_all(ids: DynArray[bytes32, IDS_MAX]):
    """
    @dev Reads what is recorded; ids with nothing to announce are left out
    """
    known: DynArray[bytes32, IDS_MAX] = []
    statuses: DynArray[uint8, IDS_MAX] = []
    for trade_id: bytes32 in ids:
        status: uint256 = self._status(trade_id)
        if self._is_fact(status):
            known.append(trade_id)
            statuses.append(convert(status, uint8))
    assert len(known) != 0, NOTHING_TO_SAY
    log Announced(chain_id=chain.id, ids=known, statuses=statuses)


@pure
@internal
def _is_fact(status: uint256) -> bool:
    return (status >= COMMITTED and status <= OBJECTED) or status == REFUSED
