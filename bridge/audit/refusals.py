"""Why a transaction of ours was refused, where that is worth an alarm.

Revert data is in no consensus encoding, so an alarm is all that can rest on it.
"""

from __future__ import annotations

from bridge.audit import words
from bridge.audit.items import Unreadable
from bridge.audit.words import TRADE_TYPE

CONTRADICTION = b"legs: contradicts the decision"
PROVE = words.selector(
    "prove((uint256,uint256,bytes32,bytes32,uint256,uint256),bytes32[],uint8[],uint256,"
    f"{TRADE_TYPE},bytes)"
)
IDS_AT, INDEX_AT = 6, 8  # words of prove's calldata, behind the six of its source


def contradicted(output: bytes, calldata: bytes) -> bytes | None:
    """The trade whose decision was contradicted; empty when it cannot be told, None if none was."""
    try:
        if words.reason(output) != CONTRADICTION:
            return None
        return _proven(calldata)
    except Unreadable:
        return None


def _proven(calldata: bytes) -> bytes:
    """The trade that a direct call of prove is about."""
    if calldata[:4] != PROVE:
        return b""
    body = calldata[4:]
    ids = words.number(body, IDS_AT) // words.WORD
    return words.word(body, ids + 1 + words.number(body, INDEX_AT))
