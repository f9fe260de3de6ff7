"""The words of the table: roles, events, guards, effects and reasons to refuse.

The value of an event, a guard or an effect is what docs/protocol.md shows for it.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a settlement contract is for one trade; which one follows from the terms alone."""

    HUB = "hub"
    LEGS = "legs"


class Event(StrEnum):
    """What is asked of a contract: a call, or a fact of another chain with its proof."""

    OPEN = "open"
    HOLD = "hold"
    REFUSE = "refuse"
    OBJECT = "object"
    CANCEL = "cancel"
    ABORT = "abort"
    RESOLVE_COMMITTED = "resolve as committed"
    RESOLVE_ABORTED = "resolve as aborted"
    DELIVER = "deliver"
    ANNOUNCE = "announce"
    HELD_PROVEN = "HELD proven"
    OBJECTED_PROVEN = "OBJECTED proven"
    REFUSED_PROVEN = "REFUSED proven"
    COMMITTED_PROVEN = "COMMITTED proven"
    ABORTED_PROVEN = "ABORTED proven"


class Guard(StrEnum):
    """What a contract checks besides the state it is in."""

    # the caller and the terms
    TERMS_SOUND = "sound terms that name this contract"
    SIGNED_BY_ALL = "signed by all parties"
    SIGNED_BY_SENDERS_HERE = "signed by the senders here"
    BY_A_SENDER = "by a sender here"
    BY_AN_AUTHORITY = "by a token's authority"
    REFERENCE_UNUSED = "an unused reference"
    # clocks
    TIME_TO_PREPARE = "now ≤ prepare_by"
    TIME_TO_DECIDE = "now ≤ decide_by"
    PAST_DECIDE_BY = "now > decide_by"
    # tokens
    TOKENS_SERVED = "tokens that are served"
    ENOUGH_GAS = "gas for each token"
    TOKENS_HOLD = "tokens that place their holds"
    NO_CALL_BACK = "tokens that do not call back"
    LEFT_BEHIND = "a leg left behind"
    TOKEN_DELIVERS = "a token that obeys now"
    # proofs
    FROM_A_PEER = "a chain with a light client here"
    SEALED = "a sealed header, the client not frozen"
    ANNOUNCEMENT = "an Announced log"
    SAME_FACTS = "exactly these ids and statuses"
    NAMED = "the trade among them"
    FROM_ITS_AGENT = "emitted by its leg agent"
    FROM_ITS_HUB = "emitted by its hub"
    CLIENT_FROZEN = "the hub's client frozen"
    # the trade so far
    HAS_FOREIGN_LEGS = "some leg elsewhere"
    IS_NEWS = "that chain not marked yet"
    COMPLETE = "every foreign chain now marked"


class Effect(StrEnum):
    """What a transition does besides changing the state; on this chain, in this transaction."""

    PLACE = "hold"
    EXECUTE = "execute"
    RELEASE = "release"
    DELIVER = "deliver"
    MARK = "mark"
    ANNOUNCE = "announce"


class Reason(StrEnum):
    """Why a contract refuses; the strings it uses are in ``reasons``."""

    HUB_ELSEWHERE = "hub elsewhere"
    HUB_KNOWS_TRADE = "hub knows the trade"
    HUB_LATE_TO_OPEN = "hub: late to open"
    HUB_REFERENCE_USED = "reference used"
    HUB_NOT_OPEN = "hub not open"
    HUB_NOTHING_TO_OBJECT_TO = "nothing to object to"
    HUB_NOT_AN_AGENT = "not an agent"
    HUB_NOT_A_LEG_FACT = "not a fact about legs"
    HUB_LATE_TO_COMMIT = "hub: late to commit"
    HUB_ALREADY_DECIDED = "already decided"
    HUB_NOT_LATE = "not late yet"
    LEGS_LOW_GAS = "low gas"
    LEGS_TOKEN_NOT_SERVED = "token not served"
    LEGS_TOKEN_DECLINED = "token declined"
    LEGS_HUB_HOLDS_HERE = "the hub holds here"
    LEGS_CALLED_BACK = "a token called back"
    LEGS_LATE_TO_HOLD = "late to hold"
    TOO_LATE_TO_REFUSE = "too late to refuse"
    LEGS_KNOW_TRADE = "legs know the trade"
    LEGS_TOMBSTONE = "refused before"
    LEGS_NOT_A_SENDER = "not a sender"
    LEGS_NOT_HELD = "not held"
    LEGS_NOT_AUTHORITY = "not the authority"
    LEGS_NOT_THE_HUB = "not the hub"
    LEGS_NOT_A_DECISION = "not a decision"
    LEGS_CONTRADICTION = "contradicts the decision"
    LEGS_NOTHING_HELD = "nothing held"
    LEGS_NOTHING_TO_RESOLVE = "nothing to resolve"
    LEGS_CLIENT_NOT_FROZEN = "client not frozen"
    LEGS_NOT_UNDELIVERED = "nothing left behind"
    LEGS_DELIVERY_FAILED = "token failed to deliver"
    TERMS_UNSOUND = "unsound terms"
    SIGNATURES = "signatures"
    PROOF_NOT_A_PEER = "not a peer"
    PROOF_NOT_SEALED = "not sealed"
    PROOF_NOT_ANNOUNCED = "not an announcement"
    PROOF_OTHER_FACTS = "other facts"
    PROOF_NOT_NAMED = "trade not named"
    NOTHING_TO_ANNOUNCE = "nothing to announce"
