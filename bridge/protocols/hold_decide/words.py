"""The words of the table: roles, events, guards, effects and reasons to refuse.

The value of an event, a guard or an effect is what docs/protocol.md shows for it.
"""

from __future__ import annotations

from enum import Enum


class Role(Enum):
    """What a settlement contract is for one trade; which one follows from the terms alone."""

    HUB = "hub"
    LEGS = "legs"


class Event(Enum):
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


class Guard(Enum):
    """What a contract checks besides the state it is in."""

    # the caller and the terms
    TERMS_SOUND = "the terms are sound and name this contract"
    SIGNED_BY_ALL = "signed by all parties"
    SIGNED_BY_SENDERS_HERE = "signed by this chain's senders"
    BY_A_SENDER = "called by a sender of a leg here"
    BY_AN_AUTHORITY = "called by the authority of a leg's token here"
    REFERENCE_UNUSED = "no party has used the reference here"
    # clocks
    TIME_TO_PREPARE = "now <= prepare_by"
    TIME_TO_DECIDE = "now <= decide_by"
    PAST_DECIDE_BY = "now > decide_by"
    # tokens
    TOKENS_SERVED = "the tokens' code is on the list"
    ENOUGH_GAS = "gas for every token call"
    TOKENS_HOLD = "every token places its hold"
    LEFT_BEHIND = "the leg was left behind"
    TOKEN_DELIVERS = "the token does it now"
    # proofs
    FROM_A_PEER = "from a chain with a light client here"
    SEALED = "the header is sealed and the client not frozen"
    ANNOUNCEMENT = "the log is an announcement"
    SAME_FACTS = "the log says exactly this"
    NAMED = "the log names the trade"
    FROM_ITS_AGENT = "emitted by a leg agent that the terms name"
    FROM_ITS_HUB = "emitted by the hub that the terms name"
    CLIENT_FROZEN = "the client of the hub's chain is frozen"
    # the trade so far
    HAS_FOREIGN_LEGS = "some leg is on another chain"
    IS_NEWS = "that chain was not marked yet"
    COMPLETE = "every foreign leg chain is now marked"


class Effect(Enum):
    """What a transition does besides changing the state."""

    PLACE = "hold the legs here"
    EXECUTE = "execute the legs here"
    RELEASE = "release the legs here"
    DELIVER = "deliver the leg left behind"
    MARK = "mark that chain's legs as held"
    ANNOUNCE = "announce"


class Reason(Enum):
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
