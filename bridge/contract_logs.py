"""The logs our contracts emit, as typed values. ``decode`` is the one place that reads them.

A log's emitter says which contract speaks; whoever decodes must have checked it against the
deployment, since anybody can emit the same topics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct
from typing import Final, TypeAlias, cast

from bridge import abi
from bridge.contract_calls import TRADE
from bridge.errors import InternalError
from bridge.model import Address, ChainId, Leg, Status, Trade, TradeId, UtiWord
from chains.engine import Log

LEG_WORDS: Final = 6
REMEMBERED_MAX: Final = 1024
"""The same terms stand in a log on each chain of a trade, and several read the same logs."""

_LEG: Final = Struct(">32s12x20s12x20s12x20s12x20s32s")
_STATUSES: Final[Mapping[bytes, Status]] = {abi.word(status): status for status in Status}

SKIPPED: Final = (abi.topic("Skipped(bytes32,bytes32)"),)


@dataclass(frozen=True, slots=True)
class Announced:
    """What a settlement contract stores of these trades: the only log that crosses."""

    chain_id: ChainId
    ids: tuple[TradeId, ...]
    statuses: tuple[Status, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """The hub recorded a trade, with its full terms."""

    trade_id: TradeId
    trade: Trade


@dataclass(frozen=True, slots=True)
class Held:
    """A leg agent holds its legs of a trade, with its full terms."""

    trade_id: TradeId
    trade: Trade


@dataclass(frozen=True, slots=True)
class Executed:
    """The legs on this chain are delivered, but for the legs in the mask."""

    trade_id: TradeId
    undelivered: int


@dataclass(frozen=True, slots=True)
class Released:
    """The legs on this chain are given back, but for the legs in the mask."""

    trade_id: TradeId
    undelivered: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """A leg that was left behind is delivered."""

    trade_id: TradeId
    leg: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A batch went on without this trade."""

    trade_id: TradeId
    reason: str


@dataclass(frozen=True, slots=True)
class HeaderAccepted:
    """A light client believes a header."""

    height: int
    block_hash: bytes


@dataclass(frozen=True, slots=True)
class ValidatorsChanged:
    """A light client trusts another set from this height on."""

    height: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """A light client saw two identities at one height."""

    height: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """A token moved; a zero sender is a mint, a zero receiver a burn."""

    sender: Address
    receiver: Address
    amount_minor: int


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """The notary reserved an amount of the sender's."""

    sender: Address
    receiver: Address
    amount_minor: int


@dataclass(frozen=True, slots=True)
class HoldExecuted:
    """The notary delivered what it held."""

    sender: Address
    receiver: Address
    amount_minor: int


@dataclass(frozen=True, slots=True)
class HoldReleased:
    """The notary gave back what it held."""

    sender: Address
    receiver: Address
    amount_minor: int


SettlementLog: TypeAlias = (
    Announced | Opened | Held | Executed | Released | Delivered | Skipped
)  # fmt: skip
ClientLog: TypeAlias = HeaderAccepted | ValidatorsChanged | Frozen
TokenLog: TypeAlias = Transfer | HoldPlaced | HoldExecuted | HoldReleased
ContractLog: TypeAlias = SettlementLog | ClientLog | TokenLog


def decode(log: Log) -> ContractLog | None:
    """The typed log, or None for one that nobody here reads (Approval, Duplicate, ...).

    Raises InternalError for data that the topic's contract does not write.
    """
    read = _READERS.get(log.topics[0]) if log.topics else None
    return read(log) if read else None


def skipped_in(logs: Iterable[Log], settlement: Address) -> dict[TradeId, str]:
    """The members that the batches of one transaction went on without, and why."""
    said = (decode(log) for log in logs if log.address == settlement and log.topics[:1] == SKIPPED)
    return {skip.trade_id: skip.reason for skip in said if isinstance(skip, Skipped)}


def _announced(log: Log) -> Announced:
    return _announcement(log.data)


@lru_cache(maxsize=REMEMBERED_MAX)
def _announcement(data: bytes) -> Announced:
    reader = abi.Reader(data)
    statuses = [_STATUSES.get(status) for status in reader.words(2)]
    if None in statuses:
        raise InternalError("E-INTERNAL-ABI", "an announcement has a status that is none")
    return Announced(
        chain_id=ChainId(reader.integer(0)),
        ids=cast(tuple[TradeId, ...], tuple(reader.words(1))),
        statuses=cast(tuple[Status, ...], tuple(statuses)),
    )


def _opened(log: Log) -> Opened:
    return Opened(_id(log), _terms(log.data))


def _held(log: Log) -> Held:
    return Held(_id(log), _terms(log.data))


@lru_cache(maxsize=REMEMBERED_MAX)
def _terms(data: bytes) -> Trade:
    trade = abi.Reader(data).inside(0)
    legs = trade.inside(0)
    return Trade(
        legs=tuple([_leg(legs, 1 + LEG_WORDS * i) for i in range(legs.integer(0))]),
        hub_chain_id=ChainId(trade.integer(1)),
        hub=Address(trade.account(2)),
        prepare_by_s=trade.integer(3),
        decide_by_s=trade.integer(4),
        uti=UtiWord(trade.bytes32(5)),
    )


def _leg(legs: abi.Reader, at: int) -> Leg:
    chain_id, agent, token, sender, receiver, amount_minor = legs.unpacked(_LEG, at)
    return Leg(
        chain_id=ChainId(int.from_bytes(chain_id, "big")),
        agent=Address(agent),
        token=Address(token),
        sender=Address(sender),
        receiver=Address(receiver),
        amount_minor=int.from_bytes(amount_minor, "big"),
    )


def _skipped(log: Log) -> Skipped:
    return Skipped(_id(log), log.data.rstrip(b"\0").decode("ascii", "replace"))


def _header_accepted(log: Log) -> HeaderAccepted:
    return HeaderAccepted(_indexed(log), log.data[: abi.WORD])


def _id(log: Log) -> TradeId:
    return TradeId(log.topics[1])


def _number(log: Log) -> int:
    return int.from_bytes(abi.word_at(log.data, 0), "big")


def _indexed(log: Log) -> int:
    return int.from_bytes(log.topics[1], "big")


def _movement(log: Log) -> tuple[Address, Address, int]:
    _, sender, receiver = log.topics
    return Address(sender[12:]), Address(receiver[12:]), _number(log)


_READERS: Final[Mapping[bytes, Callable[[Log], ContractLog]]] = {
    abi.topic("Announced(uint256,bytes32[],uint8[])"): _announced,
    abi.topic(f"Opened(bytes32,{TRADE})"): _opened,
    abi.topic(f"Held(bytes32,{TRADE})"): _held,
    abi.topic("Executed(bytes32,uint256)"): lambda log: Executed(_id(log), _number(log)),
    abi.topic("Released(bytes32,uint256)"): lambda log: Released(_id(log), _number(log)),
    abi.topic("Delivered(bytes32,uint256)"): lambda log: Delivered(_id(log), _number(log)),
    SKIPPED[0]: _skipped,
    abi.topic("HeaderAccepted(uint256,bytes32,bytes32)"): _header_accepted,
    abi.topic("ValidatorsChanged(uint256,bytes32)"): lambda log: ValidatorsChanged(_indexed(log)),
    abi.topic("Frozen(uint256,bytes32,bytes32)"): lambda log: Frozen(_indexed(log)),
    abi.topic("Transfer(address,address,uint256)"): lambda log: Transfer(*_movement(log)),
    abi.topic("HoldPlaced(address,address,uint256)"): lambda log: HoldPlaced(*_movement(log)),
    abi.topic("HoldExecuted(address,address,uint256)"): lambda log: HoldExecuted(*_movement(log)),
    abi.topic("HoldReleased(address,address,uint256)"): lambda log: HoldReleased(*_movement(log)),
}

TOPICS = frozenset(_READERS)
"""The first topics of all logs that are read."""
