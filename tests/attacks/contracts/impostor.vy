# pragma version ==0.4.3
"""
@title Impostor: announces whatever it is asked to, as if it were a settlement contract
@license Apache-2.0
"""

event Announced:
    chain_id: uint256
    ids: DynArray[bytes32, 32]
    statuses: DynArray[uint8, 32]


@external
def announce(chain_id: uint256, ids: DynArray[bytes32, 32], statuses: DynArray[uint8, 32]):
    log Announced(chain_id=chain_id, ids=ids, statuses=statuses)
