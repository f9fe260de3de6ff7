"""The logs that matter to the auditor, read from raw logs by its own topics.

Each kind of contract has its own reader, so that a log means something only where its emitter is
known to be that kind. A log with another topic is no fact: None. Facts are tuples, not dataclasses:
there is one for every log.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from bridge.audit import words
from bridge.audit.hashing import keccak
from bridge.audit.items import Unreadable
from bridge.audit.raw import Emitted
from bridge.audit.words import TRADE_TYPE, Terms


class Verb(StrEnum):
    """What a token does to a hold."""

    PLACED = "held"
    EXECUTED = "executed"
    RELEASED = "released"


class Announced(NamedTuple):
    """What a contract says of trades, and of which chain."""

    chain_id: int
    statuses: tuple[tuple[bytes, int], ...]


class Taken(NamedTuple):
    """Opened or Held: from here on the legs on this chain are held."""

    trade_id: bytes
    terms: Terms


class Settled(NamedTuple):
    """Executed or Released; a bit of ``undelivered`` is a leg that its token left behind."""

    trade_id: bytes
    verb: Verb
    undelivered: int


class Delivered(NamedTuple):
    """One leg that was left behind, delivered."""

    trade_id: bytes
    leg: int


class Skipped(NamedTuple):
    """A member of a batch that was not done."""

    trade_id: bytes
    reason: bytes


class Transferred(NamedTuple):
    """A balance moved; from the zero address it is minted, to it burned."""

    sender: bytes
    receiver: bytes
    amount: int


class HoldMoved(NamedTuple):
    """A hold came or went."""

    verb: Verb
    sender: bytes
    receiver: bytes
    amount: int


class Believed(NamedTuple):
    """A light client accepted a header."""

    height: int
    block_hash: bytes
    receipts_root: bytes


class Froze(NamedTuple):
    """A light client saw two blocks at one height."""

    height: int


SettlementFact = Taken | Settled | Delivered | Skipped
TokenFact = Transferred | HoldMoved
ClientFact = Believed | Froze

ANNOUNCED = keccak(b"Announced(uint256,bytes32[],uint8[])")
OPENED = keccak(f"Opened(bytes32,{TRADE_TYPE})".encode())
HELD = keccak(f"Held(bytes32,{TRADE_TYPE})".encode())
SETTLED = {
    keccak(b"Executed(bytes32,uint256)"): Verb.EXECUTED,
    keccak(b"Released(bytes32,uint256)"): Verb.RELEASED,
}
DELIVERED = keccak(b"Delivered(bytes32,uint256)")
SKIPPED = keccak(b"Skipped(bytes32,bytes32)")
TRANSFER = keccak(b"Transfer(address,address,uint256)")
HOLDS = {
    keccak(b"HoldPlaced(address,address,uint256)"): Verb.PLACED,
    keccak(b"HoldExecuted(address,address,uint256)"): Verb.EXECUTED,
    keccak(b"HoldReleased(address,address,uint256)"): Verb.RELEASED,
}
BELIEVED = keccak(b"HeaderAccepted(uint256,bytes32,bytes32)")
FROZE = keccak(b"Frozen(uint256,bytes32,bytes32)")


def announced(log: Emitted) -> Announced | None:
    """An announcement by anybody. Raises Unreadable."""
    if log.topics != (ANNOUNCED,):
        return None
    return Announced(*words.statuses(log.data))


def settlement_fact(log: Emitted) -> SettlementFact | None:
    """A log of a settlement contract, announcements left out. Raises Unreadable."""
    topic = log.topics[0] if log.topics else b""
    if topic in (OPENED, HELD):
        return Taken(_indexed(log, 1)[0], words.terms(log.data))
    if topic in SETTLED:
        return Settled(_indexed(log, 1)[0], SETTLED[topic], _only_number(log))
    if topic == DELIVERED:
        return Delivered(_indexed(log, 1)[0], _only_number(log))
    if topic == SKIPPED:
        return Skipped(_indexed(log, 1)[0], words.word(log.data, 0))
    return None


def token_fact(log: Emitted) -> TokenFact | None:
    """A log of a token. Raises Unreadable."""
    topic = log.topics[0] if log.topics else b""
    verb = HOLDS.get(topic)
    if verb is None and topic != TRANSFER:
        return None
    indexed = _indexed(log, 2)
    sender, receiver = words.address(indexed[0]), words.address(indexed[1])
    amount = _only_number(log)
    if verb is None:
        return Transferred(sender, receiver, amount)
    return HoldMoved(verb, sender, receiver, amount)


def client_fact(log: Emitted) -> ClientFact | None:
    """A log of a light client. Raises Unreadable."""
    topic = log.topics[0] if log.topics else b""
    if topic == BELIEVED:
        height = int.from_bytes(_indexed(log, 1)[0], "big")
        return Believed(height, words.word(log.data, 0), words.word(log.data, 1))
    if topic == FROZE:
        return Froze(int.from_bytes(_indexed(log, 1)[0], "big"))
    return None


def _indexed(log: Emitted, count: int) -> tuple[bytes, ...]:
    if len(log.topics) != 1 + count:
        raise Unreadable(f"{len(log.topics) - 1} indexed values instead of {count}")
    return log.topics[1:]


def _only_number(log: Emitted) -> int:
    if len(log.data) != words.WORD:
        raise Unreadable(f"{len(log.data)} bytes where one number should be")
    return int.from_bytes(log.data, "big")
