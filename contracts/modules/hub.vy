# pragma version ==0.4.3
"""
@title Hub: decides a trade, once and for ever
@license Apache-2.0
@dev NONE -> OPEN -> COMMITTED or ABORTED. On its own chain the hub holds, executes and releases
     through the legs module, in the same transaction as its decision.
"""

from . import legs
from . import records
from . import terms

uses: legs
uses: records

event Opened:
    trade_id: indexed(bytes32)
    trade: terms.Trade

KNOWN_TRADE: constant(String[32]) = "hub: already known"
LATE_OPEN: constant(String[32]) = "hub: too late to open"
USED_REFERENCE: constant(String[32]) = "hub: reference already used"
NOT_OPEN: constant(String[32]) = "hub: not open"
NOT_AN_AGENT: constant(String[32]) = "hub: not an agent of the trade"
NOT_A_LEG_FACT: constant(String[32]) = "hub: not a fact about legs"
LATE_COMMIT: constant(String[32]) = "hub: too late to commit"
DECIDED: constant(String[32]) = "hub: already decided"

used: HashMap[address, HashMap[uint256, uint256]]


@internal
def _open(
    trade_id: bytes32,
    trade: terms.Trade,
    signatures: DynArray[terms.Signature, terms.LEGS_MAX],
):
    """
    @dev Anyone, with the signatures of all parties; the legs here are held, or nothing happens
    """
    assert records._status(trade_id) == records.UNKNOWN, KNOWN_TRADE
    assert block.timestamp <= trade.prepare_by_s, LATE_OPEN
    parties: uint256 = terms._check_signed(trade_id, trade.legs, terms.ANY_CHAIN, signatures)
    self._use_reference(trade.uti, trade.legs, parties)
    foreign: uint256 = (1 << len(trade.legs)) - 1 - legs._here(trade.legs)
    records._write(trade_id, records.OPEN, foreign)
    log Opened(trade_id=trade_id, trade=trade)
    legs._place(trade_id, trade.legs)
    if foreign == 0:
        self._decide(trade_id, trade.legs, records.COMMITTED)


@internal
def _learn(
    trade_id: bytes32,
    its_legs: DynArray[terms.Leg, terms.LEGS_MAX],
    decide_by_s: uint256,
    theirs: uint256,
    fact: uint256,
):
    """
    @dev What a leg agent said of its legs, proven
    @param theirs a mask of the legs it spoke for
    """
    assert theirs != 0, NOT_AN_AGENT
    is_held: bool = fact == records.HELD
    assert is_held or fact == records.REFUSED or fact == records.OBJECTED, NOT_A_LEG_FACT
    word: uint256 = records.words[trade_id]
    status: uint256 = word & records.STATUS
    missing: uint256 = word >> 8
    if status == records.COMMITTED or status == records.ABORTED:
        assert is_held == (status == records.COMMITTED), DECIDED
        log records.Duplicate(trade_id=trade_id)
    elif not is_held:
        self._decide(trade_id, its_legs, records.ABORTED)
    else:
        assert status == records.OPEN, NOT_OPEN
        if missing & theirs == 0:
            log records.Duplicate(trade_id=trade_id)
            return
        assert block.timestamp <= decide_by_s, LATE_COMMIT
        missing &= ~theirs
        if missing == 0:
            self._decide(trade_id, its_legs, records.COMMITTED)
        else:
            records._write(trade_id, records.OPEN, missing)


@internal
def _abort(trade_id: bytes32, its_legs: DynArray[terms.Leg, terms.LEGS_MAX]):
    """
    @dev Whoever may abort has been checked; what is decided stays decided
    """
    status: uint256 = records._status(trade_id)
    assert status == records.UNKNOWN or status == records.OPEN, DECIDED
    self._decide(trade_id, its_legs, records.ABORTED)


@internal
def _decide(
    trade_id: bytes32, its_legs: DynArray[terms.Leg, terms.LEGS_MAX], decision: uint256
):
    """
    @dev The one irrevocable point of a trade: stored first, announced, then delivered here
    """
    is_open: bool = records._status(trade_id) == records.OPEN
    records._write(trade_id, decision, 0)
    records._announce(trade_id, decision)
    if is_open:
        legs._settle(trade_id, its_legs, decision)


@internal
def _use_reference(uti: bytes32, its_legs: DynArray[terms.Leg, terms.LEGS_MAX], parties: uint256):
    """
    @dev A reference serves each party once at this hub; 256 in a row share a slot
    """
    row: uint256 = convert(uti, uint256) >> 8
    bit: uint256 = 1 << (convert(uti, uint256) & 255)
    for i: uint256 in range(len(its_legs), bound=terms.LEGS_MAX):
        if (parties >> i) & 1 == 1:
            seen: uint256 = self.used[its_legs[i].sender][row]
            assert seen & bit == 0, USED_REFERENCE
            self.used[its_legs[i].sender][row] = seen | bit
