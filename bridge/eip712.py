"""The hashes that parties sign: EIP-712 digests of a trade, of its cancellation, of its resolution.

Written out by hand because a run hashes thousands of trades; the tests compare every digest with
eth-account's encoder. The trade's digest is its id: a signature over the trade names the trade.

Source: https://eips.ethereum.org/EIPS/eip-712
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bridge.model import Address, ChainId, Leg, Outcome, Trade, TradeId
from chains.keys import keccak

NAME = "Lockstep"
VERSION = "1"

DOMAIN_TYPE = (
    "EIP712Domain(string name,string version,uint256 chainId,"
    "address verifyingContract,bytes32 salt)"
)
LEG_TYPE = (
    "Leg(uint256 chainId,address agent,address token,"
    "address sender,address receiver,uint256 amount)"
)
TRADE_TYPE = (
    "Trade(Leg[] legs,uint256 hubChainId,address hub,"
    "uint256 prepareBy,uint256 decideBy,bytes32 uti)"
) + LEG_TYPE
CANCEL_TYPE = "Cancel(bytes32 tradeId)"
RESOLVE_TYPE = "Resolve(bytes32 tradeId,uint8 outcome)"

_DOMAIN_TYPE_HASH = keccak(DOMAIN_TYPE.encode())
_LEG_TYPE_HASH = keccak(LEG_TYPE.encode())
_TRADE_TYPE_HASH = keccak(TRADE_TYPE.encode())
_CANCEL_TYPE_HASH = keccak(CANCEL_TYPE.encode())
_RESOLVE_TYPE_HASH = keccak(RESOLVE_TYPE.encode())
_NAME_HASH = keccak(NAME.encode())
_VERSION_HASH = keccak(VERSION.encode())
_PAD = bytes(12)


def domain_salt(genesis_hashes: Mapping[ChainId, bytes]) -> bytes:
    """keccak of the genesis hashes of the hub's chain and all its peers, ascending by chain id.

    It keeps a signature from being used among other chains that have the same ids.
    """
    return keccak(b"".join(genesis_hashes[chain] for chain in sorted(genesis_hashes)))


@dataclass(frozen=True, slots=True)
class Domain:
    """Where a signature counts: one hub on one chain, among one set of chains."""

    chain_id: ChainId
    hub: Address
    salt: bytes

    @classmethod
    def of(cls, trade: Trade, salt: bytes) -> Domain:
        """The domain in which this trade is signed."""
        return cls(trade.hub_chain_id, trade.hub, salt)


def trade_id(trade: Trade, salt: bytes) -> TradeId:
    """The digest that every party signs, and the trade's name on every chain."""
    legs = keccak(b"".join(_leg_hash(leg) for leg in trade.legs))
    struct = keccak(
        _TRADE_TYPE_HASH
        + legs
        + _word(trade.hub_chain_id)
        + _PAD
        + trade.hub
        + _word(trade.prepare_by_s)
        + _word(trade.decide_by_s)
        + trade.uti
    )
    return TradeId(_digest(Domain.of(trade, salt), struct))


def cancel_digest(domain: Domain, trade: TradeId) -> bytes:
    """What all parties sign to abort an undecided trade."""
    return _digest(domain, keccak(_CANCEL_TYPE_HASH + trade))


def resolve_digest(domain: Domain, trade: TradeId, outcome: Outcome) -> bytes:
    """What all parties sign to end a held leg while the client of the hub's chain is frozen."""
    return _digest(domain, keccak(_RESOLVE_TYPE_HASH + trade + _word(outcome)))


@lru_cache(maxsize=256)
def domain_separator(domain: Domain) -> bytes:
    """The EIP-712 domain separator."""
    return keccak(
        _DOMAIN_TYPE_HASH
        + _NAME_HASH
        + _VERSION_HASH
        + _word(domain.chain_id)
        + _PAD
        + domain.hub
        + domain.salt
    )


def _leg_hash(leg: Leg) -> bytes:
    return keccak(
        _LEG_TYPE_HASH
        + _word(leg.chain_id)
        + _PAD
        + leg.agent
        + _PAD
        + leg.token
        + _PAD
        + leg.sender
        + _PAD
        + leg.receiver
        + _word(leg.amount_minor)
    )


def _digest(domain: Domain, struct: bytes) -> bytes:
    return keccak(b"\x19\x01" + domain_separator(domain) + struct)


def _word(value: int) -> bytes:
    return value.to_bytes(32, "big")
