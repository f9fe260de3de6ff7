# pragma version ==0.4.3
"""
@title Legs: the notary of holds; places, executes and releases the legs of a trade on this chain
@license Apache-2.0
@dev All legs of a trade on one chain are held together or not at all. Clocks only refuse new
     holds. A token is called with a fixed amount of gas that is checked to be there, so that a
     lowered gas limit reverts the whole and can never look like a refusal; a token that fails to
     deliver leaves its own leg behind and nobody else's.
"""

from . import records
from . import terms

uses: records

interface Token:
    def authority() -> address: view

event Held:
    trade_id: indexed(bytes32)
    trade: terms.Trade

event Executed:
    trade_id: indexed(bytes32)
    undelivered: uint256

event Released:
    trade_id: indexed(bytes32)
    undelivered: uint256

event Delivered:
    trade_id: indexed(bytes32)
    leg: uint256

HOLD_GAS: constant(uint256) = 120_000
DELIVERY_GAS: constant(uint256) = 80_000
CODES_MAX: constant(uint256) = 8

LOW_GAS: constant(String[32]) = "legs: not enough gas"
UNKNOWN_TOKEN: constant(String[32]) = "legs: token not served"
DECLINED: constant(String[32]) = "legs: token declined the hold"
LATE_HOLD: constant(String[32]) = "legs: too late to hold"
KNOWN: constant(String[32]) = "legs: already known"
RE_ENTERED: constant(String[32]) = "legs: a token called back"
TOMBSTONE: constant(String[32]) = "legs: refused before"
NOT_A_SENDER: constant(String[32]) = "legs: not a sender here"
NOT_HELD: constant(String[32]) = "legs: not held"
NOT_AUTHORITY: constant(String[32]) = "legs: not an authority"
NOT_A_DECISION: constant(String[32]) = "legs: not a decision"
CONTRADICTION: constant(String[32]) = "legs: contradicts the decision"
NOTHING_HELD: constant(String[32]) = "legs: nothing was held"
NOT_UNDELIVERED: constant(String[32]) = "legs: nothing to deliver"
DELIVERY_FAILED: constant(String[32]) = "legs: token failed to deliver"

is_served: HashMap[bytes32, bool]


@deploy
def __init__(token_codes: DynArray[bytes32, CODES_MAX]):
    for code: bytes32 in token_codes:
        self.is_served[code] = True


@internal
def _hold(
    trade_id: bytes32,
    trade: terms.Trade,
    signatures: DynArray[terms.Signature, terms.LEGS_MAX],
):
    """
    @dev Anyone, with the signatures of this chain's senders
    """
    status: uint256 = records._status(trade_id)
    assert status != records.REFUSED, TOMBSTONE
    assert status == records.UNKNOWN, KNOWN
    assert block.timestamp <= trade.prepare_by_s, LATE_HOLD
    terms._check_signed(trade_id, trade.legs, chain.id, signatures)
    records._write(trade_id, records.HELD, 0)
    log Held(trade_id=trade_id, trade=trade)
    records._announce(trade_id, records.HELD)
    self._place(trade_id, trade.legs)


@internal
def _refuse(trade_id: bytes32):
    """
    @dev The tombstone: these legs can never be held
    """
    records._write(trade_id, records.REFUSED, 0)
    records._announce(trade_id, records.REFUSED)


@internal
def _object(trade_id: bytes32):
    """
    @dev The legs stay held; the hub will hear that an authority objects
    """
    assert records._status(trade_id) == records.HELD, NOT_HELD
    records._write(trade_id, records.OBJECTED, 0)
    records._announce(trade_id, records.OBJECTED)


@internal
def _apply(trade_id: bytes32, legs: DynArray[terms.Leg, terms.LEGS_MAX], decision: uint256):
    """
    @dev What the hub decided, or all parties when nothing can be proven of it
    """
    assert decision == records.COMMITTED or decision == records.ABORTED, NOT_A_DECISION
    status: uint256 = records._status(trade_id)
    if status == records.HELD or status == records.OBJECTED:
        outcome: uint256 = records.RELEASED
        if decision == records.COMMITTED:
            outcome = records.EXECUTED
        records._write(trade_id, outcome, 0)
        self._settle(trade_id, legs, outcome)
        return
    if status == records.UNKNOWN:
        assert decision == records.ABORTED, NOTHING_HELD
        self._refuse(trade_id)
        return
    was: uint256 = records.ABORTED
    if status == records.EXECUTED:
        was = records.COMMITTED
    assert decision == was, CONTRADICTION
    log records.Duplicate(trade_id=trade_id)


@internal
def _settle(trade_id: bytes32, legs: DynArray[terms.Leg, terms.LEGS_MAX], status: uint256):
    """
    @dev The decision is stored already; each leg on this chain is delivered, or given back. Until
         this ends no leg counts as left behind, so a token that calls back delivers none twice.
    """
    is_commit: bool = self._is_commit(status)
    undelivered: uint256 = 0
    for i: uint256 in range(len(legs), bound=terms.LEGS_MAX):
        if legs[i].chain_id == chain.id:
            if not self._deliver_leg(legs[i], is_commit):
                undelivered |= 1 << i
    if undelivered != 0:
        records._write(trade_id, status, undelivered)
    if is_commit:
        log Executed(trade_id=trade_id, undelivered=undelivered)
    else:
        log Released(trade_id=trade_id, undelivered=undelivered)


@internal
def _deliver(trade_id: bytes32, leg: terms.Leg, at: uint256):
    """
    @dev One leg of a decided trade that its token left behind
    """
    word: uint256 = records.words[trade_id]
    status: uint256 = word & records.STATUS
    assert status != records.OPEN and (word >> (8 + at)) & 1 == 1, NOT_UNDELIVERED
    records._write(trade_id, status, (word >> 8) & ~(1 << at))
    assert self._deliver_leg(leg, self._is_commit(status)), DELIVERY_FAILED
    log Delivered(trade_id=trade_id, leg=at)


@internal
def _place(trade_id: bytes32, legs: DynArray[terms.Leg, terms.LEGS_MAX]):
    """
    @dev Holds every leg on this chain, or reverts; as it does when a token calls back meanwhile
    """
    before: uint256 = records.words[trade_id]
    for leg: terms.Leg in legs:
        if leg.chain_id != chain.id:
            continue
        assert self.is_served[leg.token.codehash], UNKNOWN_TOKEN
        assert msg.gas > HOLD_GAS + HOLD_GAS // 32, LOW_GAS
        is_done: bool = False
        answer: Bytes[32] = b""
        is_done, answer = raw_call(
            leg.token,
            abi_encode(
                leg.sender,
                leg.receiver,
                leg.amount,
                method_id=method_id("hold(address,address,uint256)"),
            ),
            max_outsize=32,
            gas=HOLD_GAS,
            revert_on_failure=False,
        )
        assert is_done and len(answer) == 32 and convert(answer, uint256) == 1, DECLINED
    assert records.words[trade_id] == before, RE_ENTERED


@internal
def _deliver_leg(leg: terms.Leg, is_commit: bool) -> bool:
    """
    @dev What is checked covers the 64th that a call keeps back and the first touch of the token
    @return whether the token did it
    """
    assert msg.gas > DELIVERY_GAS + DELIVERY_GAS // 16, LOW_GAS
    selector: Bytes[4] = method_id("release(address,address,uint256)")
    if is_commit:
        selector = method_id("execute(address,address,uint256)")
    return raw_call(
        leg.token,
        concat(selector, abi_encode(leg.sender, leg.receiver, leg.amount)),
        gas=DELIVERY_GAS,
        revert_on_failure=False,
    )


@pure
@internal
def _is_commit(status: uint256) -> bool:
    return status == records.COMMITTED or status == records.EXECUTED


@view
@internal
def _here(legs: DynArray[terms.Leg, terms.LEGS_MAX]) -> uint256:
    """
    @return a mask of the legs on this chain
    """
    mask: uint256 = 0
    for i: uint256 in range(len(legs), bound=terms.LEGS_MAX):
        if legs[i].chain_id == chain.id:
            mask |= 1 << i
    return mask


@view
@internal
def _check_sender(legs: DynArray[terms.Leg, terms.LEGS_MAX]):
    is_sender: bool = False
    for leg: terms.Leg in legs:
        if leg.chain_id == chain.id and leg.sender == msg.sender:
            is_sender = True
    assert is_sender, NOT_A_SENDER


@view
@internal
def _check_authority(legs: DynArray[terms.Leg, terms.LEGS_MAX]):
    is_authority: bool = False
    for leg: terms.Leg in legs:
        if leg.chain_id == chain.id and staticcall Token(leg.token).authority() == msg.sender:
            is_authority = True
    assert is_authority, NOT_AUTHORITY
