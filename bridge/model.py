"""What parties agree on and what crosses between the chains: trades, legs, packets, status codes.

Everything here is a value in its on-chain form: 20-byte addresses, whole amounts in minor units,
deadlines in whole seconds. Names, currencies and account numbers of people stay with the
scenario. Hashes of these values are in ``bridge.eip712``, signatures in ``bridge.signatures``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import NewType

from bridge.errors import IdentifierError, TermsError, quoted

ChainId = NewType("ChainId", int)
Address = NewType("Address", bytes)  # 20
TradeId = NewType("TradeId", bytes)  # 32: the EIP-712 digest of the trade
UtiWord = NewType("UtiWord", bytes)  # 32: see bridge.identifiers.uti_word

LEGS_MAX = 8
BATCH_MAX = 32
ROUTES_KEPT = 1024  # most trades lie on the same few chains
UINT256_MAX = 2**256 - 1
ZERO_ADDRESS = Address(bytes(20))

_ADDRESS = re.compile("0x[0-9a-fA-F]{40}")

LegTuple = tuple[int, bytes, bytes, bytes, bytes, int]
TradeTuple = tuple[list[LegTuple], int, bytes, int, int, bytes]
SourceTuple = tuple[int, int, bytes, bytes, int, int]


class Status(IntEnum):
    """What a settlement contract stores for a trade, and what ``Announced`` says of it."""

    NONE = 0
    OPEN = 1
    COMMITTED = 2
    ABORTED = 3
    HELD = 4
    OBJECTED = 5
    EXECUTED = 6
    RELEASED = 7
    REFUSED = 8


class Outcome(IntEnum):
    """The two decisions a hub can take; parties sign one of them in Resolve."""

    COMMITTED = Status.COMMITTED
    ABORTED = Status.ABORTED


@dataclass(frozen=True, slots=True)
class Leg:
    """One movement of one asset on one chain; ``agent`` is that chain's settlement contract."""

    chain_id: ChainId
    agent: Address
    token: Address
    sender: Address
    receiver: Address
    amount_minor: int

    def __post_init__(self) -> None:
        _check_uint256("chain_id", self.chain_id)
        _check_uint256("amount_minor", self.amount_minor)
        for address in (self.agent, self.token, self.sender, self.receiver):
            _check_length("an address", address, 20)

    def as_tuple(self) -> LegTuple:
        """As eth_abi encodes struct Leg."""
        return (
            self.chain_id,
            self.agent,
            self.token,
            self.sender,
            self.receiver,
            self.amount_minor,
        )


@dataclass(frozen=True, slots=True)
class Route:
    """On which chains a trade's legs lie: one for all trades that lie alike."""

    chain_ids: tuple[ChainId, ...]
    foreign_chain_ids: tuple[ChainId, ...]
    leg_masks: Mapping[ChainId, int]


@dataclass(frozen=True, slots=True)
class Trade:
    """What the parties sign: legs, the hub that decides, two deadlines and a unique reference.

    What follows from that, and is asked of every trade at every turn, is found once.
    """

    legs: tuple[Leg, ...]
    hub_chain_id: ChainId
    hub: Address
    prepare_by_s: int
    decide_by_s: int
    uti: UtiWord

    parties: tuple[Address, ...] = field(init=False, repr=False, compare=False)
    """The distinct senders, in order of first appearance: the order of signatures."""
    route: Route = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_uint256("hub_chain_id", self.hub_chain_id)
        _check_uint256("prepare_by_s", self.prepare_by_s)
        _check_uint256("decide_by_s", self.decide_by_s)
        _check_length("the hub", self.hub, 20)
        _check_length("the reference", self.uti, 32)
        object.__setattr__(self, "parties", _distinct([leg.sender for leg in self.legs]))
        leg_chains = tuple([leg.chain_id for leg in self.legs])
        object.__setattr__(self, "route", _route(leg_chains, self.hub_chain_id))

    def __hash__(self) -> int:
        """Of the reference alone: no two trades have the same, and legs take long to hash."""
        return hash(self.uti)

    def parties_on(self, chain_id: ChainId) -> tuple[Address, ...]:
        """The distinct senders of legs on one chain: who signs for ``hold`` there."""
        return _distinct([leg.sender for leg in self.legs if leg.chain_id == chain_id])

    @property
    def chain_ids(self) -> tuple[ChainId, ...]:
        """The chains that have a leg, ascending."""
        return self.route.chain_ids

    @property
    def foreign_chain_ids(self) -> tuple[ChainId, ...]:
        """The leg chains that the hub must hear from, ascending."""
        return self.route.foreign_chain_ids

    def leg_mask(self, chain_id: ChainId) -> int:
        """Bit i set: leg i is on this chain; the form of ``pending_of`` and undelivered masks."""
        return self.route.leg_masks.get(chain_id, 0)

    def as_tuple(self) -> TradeTuple:
        """As eth_abi encodes struct Trade."""
        return (
            [leg.as_tuple() for leg in self.legs],
            self.hub_chain_id,
            self.hub,
            self.prepare_by_s,
            self.decide_by_s,
            self.uti,
        )


@dataclass(frozen=True, slots=True)
class Signature:
    """One party's secp256k1 signature as the contracts take it: v 27 or 28, low s."""

    v: int
    r: int
    s: int

    def as_tuple(self) -> tuple[int, int, int]:
        """As eth_abi encodes struct Signature."""
        return (self.v, self.r, self.s)


@dataclass(frozen=True, slots=True)
class SealedHeader:
    """What ``light_client.update`` takes: the header without seals, and who sealed it."""

    chain_id: ChainId
    height: int
    header: bytes  # RLP, round kept, no seals: the bytes that were signed
    bitmap: int  # bit i: validator i sealed
    seals: bytes  # 65 bytes each, in validator order
    trusted_validators: tuple[Address, ...] = ()  # the previous set, only when the set changes


@dataclass(frozen=True, slots=True)
class Source:
    """Where on the other chain a log is, and the two roots that its proof is checked against."""

    chain_id: ChainId
    height: int
    block_hash: bytes
    receipts_root: bytes
    tx_index: int
    log_index: int  # in its own receipt

    def as_tuple(self) -> SourceTuple:
        """As eth_abi encodes struct Source."""
        return (
            self.chain_id,
            self.height,
            self.block_hash,
            self.receipts_root,
            self.tx_index,
            self.log_index,
        )


@dataclass(frozen=True, slots=True)
class Packet:
    """What crosses between the chains: a sealed header and the proof of one ``Announced`` log."""

    header: SealedHeader
    source: Source
    ids: tuple[TradeId, ...]
    statuses: tuple[Status, ...]
    proof: bytes  # hashed trie nodes, root first

    def status_of(self, trade_id: TradeId) -> Status | None:
        """What the packet says of one trade; None when it says nothing."""
        return dict(zip(self.ids, self.statuses, strict=True)).get(trade_id)


def address(text: str) -> Address:
    """Parse ``0x`` and 40 hex digits. Raises IdentifierError."""
    if not _ADDRESS.fullmatch(text):
        raise IdentifierError(
            "E-IDENTIFIER-ADDRESS",
            f"{quoted(text)} is not an address",
            hint="0x and 40 hexadecimal digits",
        )
    return Address(bytes.fromhex(text[2:]))


@lru_cache(maxsize=ROUTES_KEPT)
def _route(leg_chains: tuple[ChainId, ...], hub: ChainId) -> Route:
    chain_ids = tuple(sorted(set(leg_chains)))
    foreign = tuple(chain for chain in chain_ids if chain != hub)
    masks = dict.fromkeys(chain_ids, 0)
    for index, chain in enumerate(leg_chains):
        masks[chain] |= 1 << index
    return Route(chain_ids, foreign, masks)


def _distinct(addresses: Iterable[Address]) -> tuple[Address, ...]:
    return tuple(dict.fromkeys(addresses))


def _check_uint256(name: str, value: int) -> None:
    if not 0 <= value <= UINT256_MAX:
        raise TermsError("E-TERMS-RANGE", f"{name} does not fit 256 bits: it is out of range")


def _check_length(name: str, value: bytes, length: int) -> None:
    if len(value) != length:
        raise TermsError("E-TERMS-LENGTH", f"{name} has {len(value)} bytes instead of {length}")
