"""The calls our contracts take, typed: settlement, light client, tokens, registry.

Each function returns the calldata. A trade's encoding is cached, because the same terms travel
through open, hold and every proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bridge import abi
from bridge.model import Leg, Outcome, Packet, SealedHeader, Signature, Source, Trade, TradeId

LEG = "(uint256,address,address,address,address,uint256)"
TRADE = f"({LEG}[],uint256,address,uint256,uint256,bytes32)"
SIGNATURE = "(uint256,uint256,uint256)"
SOURCE = "(uint256,uint256,bytes32,bytes32,uint256,uint256)"
PEER = "(uint256,bytes32,address)"

OPEN = f"open({TRADE},{SIGNATURE}[])"
OPEN_BATCH = "open_batch(bytes[])"
HOLD = f"hold({TRADE},{SIGNATURE}[])"
HOLD_BATCH = "hold_batch(bytes[])"
PROVE = f"prove({SOURCE},bytes32[],uint8[],uint256,{TRADE},bytes)"
PROVE_BATCH = f"prove_batch({SOURCE},bytes32[],uint8[],uint256,bytes[],bytes)"
REFUSE = f"refuse({TRADE})"
OBJECT = f"object({TRADE})"
CANCEL = f"cancel({TRADE},{SIGNATURE}[])"
ABORT = f"abort({TRADE})"
RESOLVE = f"resolve({TRADE},uint8,{SIGNATURE}[])"
ANNOUNCE = "announce(bytes32[])"
DELIVER = f"deliver({TRADE},uint256)"
STATUS_OF = "status_of(bytes32)"
UPDATE = "update(bytes,uint256,bytes,address[])"
TRANSFER = "transfer(address,uint256)"
MINT = "mint(address,uint256)"
SET_NOTARY = "set_notary(address)"
BALANCE_OF = "balanceOf(address)"
HELD_OF = "held_of(address)"
REGISTER = "register(address,uint256)"
SET_FROZEN = "setAddressFrozen(address,bool)"
FORCED_TRANSFER = "forcedTransfer(address,address,uint256)"

SELECTOR_BYTES = 4

SETTLEMENT_CALLS = (
    *(OPEN, OPEN_BATCH, HOLD, HOLD_BATCH, PROVE, PROVE_BATCH, REFUSE, OBJECT, CANCEL),
    *(ABORT, RESOLVE, ANNOUNCE, DELIVER, STATUS_OF),
)

TOKEN_CALLS = (TRANSFER, MINT, SET_NOTARY, BALANCE_OF, HELD_OF)

Signatures = Sequence[Signature]


# --- settlement, either role --------------------------------------------------------------------


def open_trade(trade: Trade, signatures: Signatures) -> bytes:
    """Record the trade at its hub; anyone may, with the signatures of all parties."""
    return _call(OPEN, encode_trade(trade), _signatures(signatures))


def open_batch(trades: Sequence[Trade], signatures: Sequence[Signatures]) -> bytes:
    """Open up to 32 trades; a member that cannot be opened is skipped."""
    return _call(OPEN_BATCH, _members(trades, signatures))


def open_batch_of(calls: Sequence[bytes]) -> bytes:
    """The same from the calldata of single ``open`` calls."""
    return _call(OPEN_BATCH, _members_of(calls))


def hold(trade: Trade, signatures: Signatures) -> bytes:
    """Hold a chain's legs; anyone may, with the signatures of that chain's senders."""
    return _call(HOLD, encode_trade(trade), _signatures(signatures))


def hold_batch(trades: Sequence[Trade], signatures: Sequence[Signatures]) -> bytes:
    """Hold for up to 32 trades; a member that cannot be held is skipped."""
    return _call(HOLD_BATCH, _members(trades, signatures))


def hold_batch_of(calls: Sequence[bytes]) -> bytes:
    """The same from the calldata of single ``hold`` calls."""
    return _call(HOLD_BATCH, _members_of(calls))


def prove(packet: Packet, index: int, trade: Trade) -> bytes:
    """Prove what the other chain announced of one trade, at ``index`` of the packet's ids."""
    return _call(
        PROVE,
        _source(packet.source),
        abi.words(packet.ids),
        abi.words([abi.word(status) for status in packet.statuses]),
        abi.word(index),
        encode_trade(trade),
        abi.blob(packet.proof),
    )


def prove_batch(packet: Packet, trades: Sequence[tuple[int, Trade]]) -> bytes:
    """Prove several trades of one packet; ``trades`` ascends by index."""
    return _call(
        PROVE_BATCH,
        _source(packet.source),
        abi.words(packet.ids),
        abi.words([abi.word(status) for status in packet.statuses]),
        abi.word(sum(1 << index for index, _ in trades)),
        abi.tails([abi.blob(encode_trade(trade)) for _, trade in trades]),
        abi.blob(packet.proof),
    )


def refuse(trade: Trade) -> bytes:
    """A sender says no for good; only before its legs are held."""
    return _call(REFUSE, encode_trade(trade))


def object_to(trade: Trade) -> bytes:
    """A token's authority stops an undecided trade."""
    return _call(OBJECT, encode_trade(trade))


def cancel(trade: Trade, signatures: Signatures) -> bytes:
    """Abort by the signatures of all parties over Cancel."""
    return _call(CANCEL, encode_trade(trade), _signatures(signatures))


def abort(trade: Trade) -> bytes:
    """Abort an undecided trade after its deadline; anyone may."""
    return _call(ABORT, encode_trade(trade))


def resolve(trade: Trade, outcome: Outcome, signatures: Signatures) -> bytes:
    """End held legs by the signatures of all parties, while the hub chain's client is frozen."""
    return _call(RESOLVE, encode_trade(trade), abi.word(outcome), _signatures(signatures))


def announce(ids: Sequence[TradeId]) -> bytes:
    """Have the contract say again, in one compact log, what it stores of these trades."""
    return _call(ANNOUNCE, abi.words(ids))


def deliver(trade: Trade, leg_index: int) -> bytes:
    """Deliver one leg of a decided trade that was left behind; anyone may."""
    return _call(DELIVER, encode_trade(trade), abi.word(leg_index))


def status_of(trade_id: TradeId) -> bytes:
    """Read the status stored for a trade."""
    return _call(STATUS_OF, trade_id)


# --- light client -------------------------------------------------------------------------------


def update(header: SealedHeader) -> bytes:
    """Show a sealed header to the light client of its chain; anyone may."""
    return _call(
        UPDATE,
        abi.blob(header.header),
        abi.word(header.bitmap),
        abi.blob(header.seals),
        abi.words([abi.address(validator) for validator in header.trusted_validators]),
    )


# --- tokens and registry ------------------------------------------------------------------------


def transfer(receiver: bytes, amount_minor: int) -> bytes:
    """Pay from what is available."""
    return _call(TRANSFER, abi.address(receiver), abi.word(amount_minor))


def mint(receiver: bytes, amount_minor: int) -> bytes:
    """The issuer creates an amount."""
    return _call(MINT, abi.address(receiver), abi.word(amount_minor))


def set_frozen(account: bytes, is_frozen: bool) -> bytes:
    """The issuer of a security stops or frees an account."""
    return _call(SET_FROZEN, abi.address(account), abi.word(is_frozen))


def forced_transfer(sender: bytes, receiver: bytes, amount_minor: int) -> bytes:
    """The issuer of a security moves what is not held, frozen or not."""
    arguments = abi.address(sender), abi.address(receiver), abi.word(amount_minor)
    return _call(FORCED_TRANSFER, *arguments)


def set_notary(account: bytes) -> bytes:
    """The issuer names the settlement contract."""
    return _call(SET_NOTARY, abi.address(account))


def balance_of(account: bytes) -> bytes:
    """Read what an account owns, held amounts included."""
    return _call(BALANCE_OF, abi.address(account))


def held_of(account: bytes) -> bytes:
    """Read what the notary holds of an account."""
    return _call(HELD_OF, abi.address(account))


def register(account: bytes, country: int) -> bytes:
    """Tell the identity registry that an account is verified; ISO 3166-1 numeric country."""
    return _call(REGISTER, abi.address(account), abi.word(country))


# --- encodings shared by several calls ----------------------------------------------------------


@lru_cache(maxsize=16_384)
def encode_trade(trade: Trade) -> abi.Tail:
    """struct Trade."""
    return abi.Tail(
        abi.join(
            (
                abi.words([_leg(leg) for leg in trade.legs]),
                abi.word(trade.hub_chain_id),
                abi.address(trade.hub),
                abi.word(trade.prepare_by_s),
                abi.word(trade.decide_by_s),
                trade.uti,
            )
        )
    )


def _call(signature: str, *arguments: bytes) -> bytes:
    return abi.selector(signature) + abi.join(arguments)


def _leg(leg: Leg) -> bytes:
    return (
        abi.word(leg.chain_id)
        + abi.address(leg.agent)
        + abi.address(leg.token)
        + abi.address(leg.sender)
        + abi.address(leg.receiver)
        + abi.word(leg.amount_minor)
    )


def _members(trades: Sequence[Trade], signatures: Sequence[Signatures]) -> abi.Tail:
    """Each member is what the single form takes: the contract calls itself with it."""
    pairs = zip(trades, signatures, strict=True)
    return abi.tails(
        [abi.blob(abi.join((encode_trade(t), _signatures(signed)))) for t, signed in pairs]
    )


def _members_of(calls: Sequence[bytes]) -> abi.Tail:
    return abi.tails([abi.blob(call[SELECTOR_BYTES:]) for call in calls])


def _signatures(signatures: Signatures) -> abi.Tail:
    return abi.words([abi.word(s.v) + abi.word(s.r) + abi.word(s.s) for s in signatures])


def _source(source: Source) -> bytes:
    return (
        abi.word(source.chain_id)
        + abi.word(source.height)
        + source.block_hash
        + source.receipts_root
        + abi.word(source.tx_index)
        + abi.word(source.log_index)
    )
