# pragma version ==0.4.3
"""
@title Settlement: hub and leg agent of one chain (hold, prove, decide, deliver)
@license Apache-2.0
@notice Trades whose legs lie on several chains settle here: every leg or none. Nobody owns this
        contract; what it may do is fixed when it is built.
@dev Which role it plays for a trade follows from the hub that the parties signed. A batch form
     calls the single form of each member, so that a member that fails undoes only itself.
"""

from modules import hub
from modules import legs
from modules import peers
from modules import records
from modules import terms

initializes: peers
initializes: records
initializes: terms[peers := peers]
initializes: legs[records := records]
initializes: hub[legs := legs, records := records]

interface SealedHeaders:
    def proves(height: uint256, block_hash: bytes32, receipts_root: bytes32) -> bool: view
    def frozen() -> bool: view

interface ReceiptVerifier:
    def verify(
        receipts_root: bytes32, tx_index: uint256, log_index: uint256, proof: Bytes[4096]
    ) -> (address, bytes32, uint256, bytes32): view

struct Source:
    chain_id: uint256
    height: uint256
    block_hash: bytes32
    receipts_root: bytes32
    tx_index: uint256
    log_index: uint256

event Skipped:
    trade_id: indexed(bytes32)
    reason: bytes32

PROOF_MAX: constant(uint256) = 4096
BATCH_MAX: constant(uint256) = 32
MEMBER_GAS: constant(uint256) = 1_500_000
MEMBER_MAX: constant(uint256) = 2624
CALL_MAX: constant(uint256) = 2788
REVERT_MAX: constant(uint256) = 100

OPEN_CALL: constant(Bytes[4]) = method_id(
    "open(((uint256,address,address,address,address,uint256)[],uint256,address,uint256,uint256,bytes32),(uint256,uint256,uint256)[])"
)
HOLD_CALL: constant(Bytes[4]) = method_id(
    "hold(((uint256,address,address,address,address,uint256)[],uint256,address,uint256,uint256,bytes32),(uint256,uint256,uint256)[])"
)
ID_CALL: constant(Bytes[4]) = method_id(
    "trade_id(((uint256,address,address,address,address,uint256)[],uint256,address,uint256,uint256,bytes32))"
)
LEARN_CALL: constant(Bytes[4]) = method_id(
    "learn(((uint256,address,address,address,address,uint256)[],uint256,address,uint256,uint256,bytes32),bytes32,uint256,address,uint8)"
)
LEARN_HEAD: constant(uint256) = 160

BATCH_SHAPE: constant(String[32]) = "settlement: uneven batch"
LOW_MEMBER_GAS: constant(String[32]) = "settlement: not enough gas"
NOT_ITSELF: constant(String[32]) = "settlement: only itself"
NO_CLIENT: constant(String[32]) = "settlement: not a peer chain"
NOT_SEALED: constant(String[32]) = "settlement: header not proven"
NOT_ANNOUNCED: constant(String[32]) = "settlement: not an announcement"
OTHER_FACTS: constant(String[32]) = "settlement: not what was said"
NOT_NAMED: constant(String[32]) = "settlement: trade not named"
OTHER_EMITTER: constant(String[32]) = "settlement: not the trade's hub"
NOT_THE_HUB: constant(String[32]) = "settlement: hub is elsewhere"
IS_THE_HUB: constant(String[32]) = "settlement: the hub holds here"
NOT_LATE: constant(String[32]) = "settlement: before decide_by"
TOO_LATE_TO_REFUSE: constant(String[32]) = "settlement: too late to refuse"
NOT_OPEN_HERE: constant(String[32]) = "settlement: not open"
NOT_FROZEN: constant(String[32]) = "settlement: client not frozen"
NOTHING_TO_RESOLVE: constant(String[32]) = "settlement: nothing to resolve"

_ANNOUNCED: constant(bytes32) = keccak256("Announced(uint256,bytes32[],uint8[])")
_VERIFIER: immutable(ReceiptVerifier)


@deploy
def __init__(
    verifier: address,
    genesis_hash: bytes32,
    others: DynArray[peers.Peer, peers.PEERS_MAX],
    token_codes: DynArray[bytes32, legs.CODES_MAX],
):
    _VERIFIER = ReceiptVerifier(verifier)
    peers.__init__(genesis_hash, others)
    legs.__init__(token_codes)


@external
def open(trade: terms.Trade, signatures: DynArray[terms.Signature, terms.LEGS_MAX]):
    """@notice Open a trade at its hub, with the signatures of all parties; holds the legs here."""
    its: terms.Trade = trade
    assert its.hub_chain_id == chain.id, NOT_THE_HUB
    hub._open(terms._admit(its), its, signatures)


@external
def hold(trade: terms.Trade, signatures: DynArray[terms.Signature, terms.LEGS_MAX]):
    """@notice Hold the legs on this chain, with the signatures of their senders."""
    its: terms.Trade = trade
    assert its.hub_chain_id != chain.id, IS_THE_HUB
    legs._hold(terms._admit(its), its, signatures)


@external
def prove(
    source: Source,
    ids: DynArray[bytes32, BATCH_MAX],
    statuses: DynArray[uint8, BATCH_MAX],
    index: uint256,
    trade: terms.Trade,
    proof: Bytes[PROOF_MAX],
):
    """@notice Prove what another chain announced of a trade, and act on it."""
    assert index < len(ids), NOT_NAMED
    emitter: address = self._announcer(source, ids, statuses, proof)
    self._learn(ids[index], trade, source.chain_id, emitter, convert(statuses[index], uint256))


@external
def refuse(trade: terms.Trade):
    """@notice A sender of a leg on this chain says no, for ever, before anything is held."""
    its: terms.Trade = trade
    trade_id: bytes32 = terms._admit(its)
    legs._check_sender(its.legs)
    assert records._status(trade_id) == records.UNKNOWN, TOO_LATE_TO_REFUSE
    if its.hub_chain_id == chain.id:
        hub._abort(trade_id, its.legs)
    else:
        legs._refuse(trade_id)


@external
def object(trade: terms.Trade):
    """@notice The authority of a held token stops a trade that is not decided yet."""
    its: terms.Trade = trade
    trade_id: bytes32 = terms._admit(its)
    legs._check_authority(its.legs)
    if its.hub_chain_id == chain.id:
        assert records._status(trade_id) == records.OPEN, NOT_OPEN_HERE
        hub._abort(trade_id, its.legs)
    else:
        legs._object(trade_id)


@external
def cancel(trade: terms.Trade, signatures: DynArray[terms.Signature, terms.LEGS_MAX]):
    """@notice Abort an undecided trade, with the signatures of all parties."""
    its: terms.Trade = trade
    assert its.hub_chain_id == chain.id, NOT_THE_HUB
    trade_id: bytes32 = terms._admit(its)
    digest: bytes32 = terms._cancel_digest(trade_id, its.hub_chain_id, its.hub)
    terms._check_signed(digest, its.legs, terms.ANY_CHAIN, signatures)
    hub._abort(trade_id, its.legs)


@external
def abort(trade: terms.Trade):
    """@notice Abort a trade, from its terms alone, once it was not decided in time."""
    its: terms.Trade = trade
    assert its.hub_chain_id == chain.id, NOT_THE_HUB
    assert block.timestamp > its.decide_by_s, NOT_LATE
    hub._abort(terms._admit(its), its.legs)


@external
def resolve(
    trade: terms.Trade, outcome: uint8, signatures: DynArray[terms.Signature, terms.LEGS_MAX]
):
    """@notice All parties end held legs together while the hub's chain can prove nothing more."""
    its: terms.Trade = trade
    assert its.hub_chain_id != chain.id, IS_THE_HUB
    trade_id: bytes32 = terms._admit(its)
    assert staticcall SealedHeaders(peers._client_of(its.hub_chain_id)).frozen(), NOT_FROZEN
    status: uint256 = records._status(trade_id)
    assert status == records.HELD or status == records.OBJECTED, NOTHING_TO_RESOLVE
    digest: bytes32 = terms._resolve_digest(trade_id, outcome, its.hub_chain_id, its.hub)
    terms._check_signed(digest, its.legs, terms.ANY_CHAIN, signatures)
    legs._apply(trade_id, its.legs, convert(outcome, uint256))


@external
def deliver(trade: terms.Trade, leg: uint256):
    """@notice Deliver, or give back, one leg that its token left behind."""
    its: terms.Trade = trade
    legs._deliver(terms._admit(its), its.legs[leg], leg)


@external
def announce(ids: DynArray[bytes32, BATCH_MAX]):
    """@notice Say again, in one small log, what is recorded of these trades."""
    records._announce_all(ids)


@external
def open_batch(members: DynArray[Bytes[MEMBER_MAX], BATCH_MAX]):
    """@notice Open many trades, each given as the arguments of open; a failing one is skipped."""
    for member: Bytes[MEMBER_MAX] in members:
        self._attempt_signed(OPEN_CALL, member)


@external
def hold_batch(members: DynArray[Bytes[MEMBER_MAX], BATCH_MAX]):
    """@notice Hold many trades' legs, each given as the arguments of hold; skips a failing one."""
    for member: Bytes[MEMBER_MAX] in members:
        self._attempt_signed(HOLD_CALL, member)


@external
def prove_batch(
    source: Source,
    ids: DynArray[bytes32, BATCH_MAX],
    statuses: DynArray[uint8, BATCH_MAX],
    mask: uint256,
    members: DynArray[Bytes[MEMBER_MAX], BATCH_MAX],
    proof: Bytes[PROOF_MAX],
):
    """@notice Prove one announcement of many trades; the mask says whose terms are given."""
    emitter: address = self._announcer(source, ids, statuses, proof)
    at: uint256 = 0
    for i: uint256 in range(len(ids), bound=BATCH_MAX):
        if (mask >> i) & 1 == 1:
            assert at < len(members), BATCH_SHAPE
            head: Bytes[160] = abi_encode(
                LEARN_HEAD, ids[i], source.chain_id, emitter, statuses[i]
            )
            is_done: bool = False
            reason: bytes32 = empty(bytes32)
            is_done, reason = self._attempt(concat(LEARN_CALL, head, members[at]))
            if not is_done:
                log Skipped(trade_id=ids[i], reason=reason)
            at += 1
    assert at == len(members), BATCH_SHAPE


@external
def learn(
    trade: terms.Trade, trade_id: bytes32, chain_id: uint256, emitter: address, status: uint8
):
    """@notice One member of a proven batch; this contract calls itself, nobody else may."""
    assert msg.sender == self, NOT_ITSELF
    self._learn(trade_id, trade, chain_id, emitter, convert(status, uint256))


@view
@external
def trade_id(trade: terms.Trade) -> bytes32:
    """@notice What the parties of a trade sign."""
    return terms._admit(trade)


@view
@external
def status_of(trade_id: bytes32) -> uint256:
    """@notice Where a trade stands on this chain, as a code."""
    return records._status(trade_id)


@view
@external
def pending_of(trade_id: bytes32) -> uint256:
    """@notice While open, the legs not yet proven held; once decided, those not yet delivered."""
    return records.words[trade_id] >> 8


@view
@external
def reference_used(party: address, uti: bytes32) -> bool:
    """@notice Whether a party has used a trade reference at this hub."""
    word: uint256 = hub.used[party][convert(uti, uint256) >> 8]
    return (word >> (convert(uti, uint256) & 255)) & 1 == 1


@view
@external
def client_of(chain_id: uint256) -> address:
    """@notice The light client that this contract believes for a chain; zero for a stranger."""
    return peers._client_of(chain_id)


@view
@external
def domain_salt() -> bytes32:
    """@notice What binds signatures to these very chains."""
    return peers._salt()


@internal
def _learn(
    trade_id: bytes32, trade: terms.Trade, chain_id: uint256, emitter: address, fact: uint256
):
    """
    @dev The role follows from the hub that the parties signed
    """
    assert terms._admit(trade) == trade_id, NOT_NAMED
    if trade.hub_chain_id != chain.id:
        assert chain_id == trade.hub_chain_id and emitter == trade.hub, OTHER_EMITTER
        legs._apply(trade_id, trade.legs, fact)
        return
    theirs: uint256 = 0
    for i: uint256 in range(len(trade.legs), bound=terms.LEGS_MAX):
        if trade.legs[i].chain_id == chain_id and trade.legs[i].agent == emitter:
            theirs |= 1 << i
    hub._learn(trade_id, trade.legs, trade.decide_by_s, theirs, fact)


@view
@internal
def _announcer(
    source: Source,
    ids: DynArray[bytes32, BATCH_MAX],
    statuses: DynArray[uint8, BATCH_MAX],
    proof: Bytes[PROOF_MAX],
) -> address:
    """
    @return who announced exactly these ids and statuses on the source chain, sealed and proven
    """
    light_client: address = peers._client_of(source.chain_id)
    assert light_client != empty(address), NO_CLIENT
    assert staticcall SealedHeaders(light_client).proves(
        source.height, source.block_hash, source.receipts_root
    ), NOT_SEALED
    emitter: address = empty(address)
    topic: bytes32 = empty(bytes32)
    topics: uint256 = 0
    data_hash: bytes32 = empty(bytes32)
    emitter, topic, topics, data_hash = staticcall _VERIFIER.verify(
        source.receipts_root, source.tx_index, source.log_index, proof
    )
    assert topic == _ANNOUNCED and topics == 1, NOT_ANNOUNCED
    assert data_hash == keccak256(abi_encode(source.chain_id, ids, statuses)), OTHER_FACTS
    return emitter


@internal
def _attempt_signed(call: Bytes[4], member: Bytes[MEMBER_MAX]):
    is_done: bool = False
    reason: bytes32 = empty(bytes32)
    is_done, reason = self._attempt(concat(call, member))
    if not is_done:
        is_read: bool = False
        trade_id: Bytes[32] = b""
        is_read, trade_id = raw_call(
            self,
            concat(ID_CALL, member),
            max_outsize=32,
            is_static_call=True,
            revert_on_failure=False,
        )
        if not is_read:
            trade_id = b""
        log Skipped(trade_id=convert(trade_id, bytes32), reason=reason)


@internal
def _attempt(call: Bytes[CALL_MAX]) -> (bool, bytes32):
    """
    @dev A failing member undoes itself and the batch goes on. Its gas is fixed and checked to be
         there, so that nobody can starve a member into failing.
    @return whether it was done, else the reason
    """
    assert msg.gas > MEMBER_GAS + MEMBER_GAS // 32, LOW_MEMBER_GAS
    is_done: bool = False
    answer: Bytes[REVERT_MAX] = b""
    is_done, answer = raw_call(
        self, call, max_outsize=REVERT_MAX, gas=MEMBER_GAS, revert_on_failure=False
    )
    reason: bytes32 = empty(bytes32)
    if len(answer) == REVERT_MAX:
        reason = extract32(answer, 68)
    return is_done, reason
