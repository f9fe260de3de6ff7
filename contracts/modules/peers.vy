# pragma version ==0.4.3
"""
@title Peers: the other chains, each bound to its light client when this contract is built
@license Apache-2.0
@dev Written by the constructor and by nothing else: nobody can add, change or remove one. The salt
     of every signature binds them all.
"""

struct Peer:
    chain_id: uint256
    genesis_hash: bytes32
    light_client: address

PEERS_MAX: constant(uint256) = 7

PEER_ORDER: constant(String[32]) = "peers: not in ascending order"
PEER_ZERO: constant(String[32]) = "peers: zero value"

_SALT: immutable(bytes32)

clients: HashMap[uint256, address]


@deploy
def __init__(genesis_hash: bytes32, others: DynArray[Peer, PEERS_MAX]):
    hashes: DynArray[bytes32, PEERS_MAX + 1] = []
    last: uint256 = 0
    is_placed: bool = False
    assert genesis_hash != empty(bytes32), PEER_ZERO
    for peer: Peer in others:
        assert peer.genesis_hash != empty(bytes32) and peer.light_client != empty(address), PEER_ZERO
        assert peer.chain_id > last and peer.chain_id != chain.id, PEER_ORDER
        last = peer.chain_id
        if not is_placed and peer.chain_id > chain.id:
            hashes.append(genesis_hash)
            is_placed = True
        hashes.append(peer.genesis_hash)
        self.clients[peer.chain_id] = peer.light_client
    if not is_placed:
        hashes.append(genesis_hash)
    _SALT = keccak256(slice(abi_encode(hashes), 64, 32 * len(hashes)))


@view
@internal
def _client_of(chain_id: uint256) -> address:
    """
    @return the light client of a chain, or zero for a chain that is no peer
    """
    return self.clients[chain_id]


@view
@internal
def _salt() -> bytes32:
    """
    @return keccak256 of the genesis hashes of this chain and its peers, by ascending chain id
    """
    return _SALT
