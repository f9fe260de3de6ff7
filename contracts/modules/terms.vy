# pragma version ==0.4.3
"""
@title Terms: what the parties of a trade sign, its id and their signatures (EIP-712)
@license Apache-2.0
"""

from . import peers

uses: peers

struct Leg:
    chain_id: uint256
    agent: address
    token: address
    sender: address
    receiver: address
    amount: uint256

struct Trade:
    legs: DynArray[Leg, 8]
    hub_chain_id: uint256
    hub: address
    prepare_by_s: uint256
    decide_by_s: uint256
    uti: bytes32

struct Signature:
    v: uint256
    r: uint256
    s: uint256

LEGS_MAX: constant(uint256) = 8
ANY_CHAIN: constant(uint256) = 0
HALF_ORDER: constant(uint256) = 57896044618658097711785492504343953926418782139537452191302581570759080747168

_DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)"
)
_NAME_HASH: constant(bytes32) = keccak256("Lockstep")
_VERSION_HASH: constant(bytes32) = keccak256("1")
_LEG_TYPE: constant(bytes32) = keccak256(
    "Leg(uint256 chainId,address agent,address token,address sender,address receiver,uint256 amount)"
)
_TRADE_TYPE: constant(bytes32) = keccak256(
    "Trade(Leg[] legs,uint256 hubChainId,address hub,uint256 prepareBy,uint256 decideBy,bytes32 uti)Leg(uint256 chainId,address agent,address token,address sender,address receiver,uint256 amount)"
)
_CANCEL_TYPE: constant(bytes32) = keccak256("Cancel(bytes32 tradeId)")
_RESOLVE_TYPE: constant(bytes32) = keccak256("Resolve(bytes32 tradeId,uint8 outcome)")

INCOMPLETE: constant(String[32]) = "terms: legs, hub or deadlines"
UNKNOWN_CHAIN: constant(String[32]) = "terms: unknown chain"
OTHER_HUB: constant(String[32]) = "terms: another hub"
OTHER_AGENT: constant(String[32]) = "terms: another agent"
ZERO_VALUE: constant(String[32]) = "terms: zero amount or address"
SAME_PARTY: constant(String[32]) = "terms: sender is receiver"
BAD_RECEIVER: constant(String[32]) = "terms: receiver is a contract"
SIGNATURE_COUNT: constant(String[32]) = "terms: count of signatures"
SIGNATURE_FORM: constant(String[32]) = "terms: malformed signature"
SIGNATURE_SIGNER: constant(String[32]) = "terms: not signed by a party"


@view
@internal
def _admit(trade: Trade) -> bytes32:
    """
    @dev Refuses terms that no honest party would sign, whoever signed them
    @return the trade's id: the EIP-712 digest of all its terms
    """
    assert (
        len(trade.legs) != 0
        and trade.hub != empty(address)
        and trade.prepare_by_s <= trade.decide_by_s
    ), INCOMPLETE
    if trade.hub_chain_id == chain.id:
        assert trade.hub == self, OTHER_HUB
    else:
        assert peers._client_of(trade.hub_chain_id) != empty(address), UNKNOWN_CHAIN
    hashes: DynArray[bytes32, LEGS_MAX] = []
    for leg: Leg in trade.legs:
        if leg.chain_id == chain.id:
            assert leg.agent == self, OTHER_AGENT
        else:
            assert peers._client_of(leg.chain_id) != empty(address), UNKNOWN_CHAIN
        assert (
            leg.amount != 0
            and leg.agent != empty(address)
            and leg.token != empty(address)
            and leg.sender != empty(address)
            and leg.receiver != empty(address)
        ), ZERO_VALUE
        assert leg.sender != leg.receiver, SAME_PARTY
        assert leg.receiver != leg.agent and leg.receiver != leg.token, BAD_RECEIVER
        hashes.append(keccak256(abi_encode(_LEG_TYPE, leg)))
    return self._digest(
        trade.hub_chain_id,
        trade.hub,
        keccak256(
            abi_encode(
                _TRADE_TYPE,
                keccak256(slice(abi_encode(hashes), 64, 32 * len(hashes))),
                trade.hub_chain_id,
                trade.hub,
                trade.prepare_by_s,
                trade.decide_by_s,
                trade.uti,
            )
        ),
    )


@view
@internal
def _cancel_digest(trade_id: bytes32, hub_chain_id: uint256, hub: address) -> bytes32:
    return self._digest(hub_chain_id, hub, keccak256(abi_encode(_CANCEL_TYPE, trade_id)))


@view
@internal
def _resolve_digest(trade_id: bytes32, outcome: uint8, hub_chain_id: uint256, hub: address) -> bytes32:
    return self._digest(hub_chain_id, hub, keccak256(abi_encode(_RESOLVE_TYPE, trade_id, outcome)))


@view
@internal
def _digest(hub_chain_id: uint256, hub: address, struct_hash: bytes32) -> bytes32:
    domain: bytes32 = keccak256(
        abi_encode(_DOMAIN_TYPE, _NAME_HASH, _VERSION_HASH, hub_chain_id, hub, peers._salt())
    )
    return keccak256(concat(x"1901", domain, struct_hash))


@view
@internal
def _check_signed(
    digest: bytes32,
    legs: DynArray[Leg, LEGS_MAX],
    chain_id: uint256,
    signatures: DynArray[Signature, LEGS_MAX],
) -> uint256:
    """
    @dev One signature a party, in order of first appearance; a zero signer is nobody
    @param chain_id only the senders of this chain's legs, or ANY_CHAIN
    @return a mask of the legs whose sender appears there for the first time
    """
    parties: uint256 = 0
    at: uint256 = 0
    for i: uint256 in range(len(legs), bound=LEGS_MAX):
        party: address = legs[i].sender
        is_new: bool = chain_id == ANY_CHAIN or legs[i].chain_id == chain_id
        for j: uint256 in range(i, bound=LEGS_MAX):
            if (parties >> j) & 1 == 1 and legs[j].sender == party:
                is_new = False
        if is_new:
            parties |= 1 << i
            assert at < len(signatures), SIGNATURE_COUNT
            sig: Signature = signatures[at]
            assert (sig.v == 27 or sig.v == 28) and sig.s <= HALF_ORDER, SIGNATURE_FORM
            signer: address = ecrecover(digest, sig.v, sig.r, sig.s)
            assert signer != empty(address) and signer == party, SIGNATURE_SIGNER
            at += 1
    assert at == len(signatures) and at != 0, SIGNATURE_COUNT
    return parties
