"""The revert strings of the contracts for each reason of the table, in both directions.

Most reasons are one string; unsound terms and bad signatures have one for each way to be wrong.
A test compares this with the constants in contracts/settlement.vy and its modules.
"""

from __future__ import annotations

from collections.abc import Mapping

from bridge.protocols.hold_decide.words import Reason

REASON_TEXTS: Mapping[Reason, tuple[str, ...]] = {
    Reason.HUB_ELSEWHERE: ("settlement: hub is elsewhere",),
    Reason.HUB_KNOWS_TRADE: ("hub: already known",),
    Reason.HUB_LATE_TO_OPEN: ("hub: too late to open",),
    Reason.HUB_REFERENCE_USED: ("hub: reference already used",),
    Reason.HUB_NOT_OPEN: ("hub: not open",),
    Reason.HUB_NOTHING_TO_OBJECT_TO: ("settlement: not open",),
    Reason.HUB_NOT_AN_AGENT: ("hub: not an agent of the trade",),
    Reason.HUB_NOT_A_LEG_FACT: ("hub: not a fact about legs",),
    Reason.HUB_LATE_TO_COMMIT: ("hub: too late to commit",),
    Reason.HUB_ALREADY_DECIDED: ("hub: already decided",),
    Reason.HUB_NOT_LATE: ("settlement: before decide_by",),
    Reason.LEGS_LOW_GAS: ("legs: not enough gas",),
    Reason.LEGS_TOKEN_NOT_SERVED: ("legs: token not served",),
    Reason.LEGS_TOKEN_DECLINED: ("legs: token declined the hold",),
    Reason.LEGS_HUB_HOLDS_HERE: ("settlement: the hub holds here",),
    Reason.LEGS_CALLED_BACK: ("legs: a token called back",),
    Reason.LEGS_LATE_TO_HOLD: ("legs: too late to hold",),
    Reason.TOO_LATE_TO_REFUSE: ("settlement: too late to refuse",),
    Reason.LEGS_KNOW_TRADE: ("legs: already known",),
    Reason.LEGS_TOMBSTONE: ("legs: refused before",),
    Reason.LEGS_NOT_A_SENDER: ("legs: not a sender here",),
    Reason.LEGS_NOT_HELD: ("legs: not held",),
    Reason.LEGS_NOT_AUTHORITY: ("legs: not an authority",),
    Reason.LEGS_NOT_THE_HUB: ("settlement: not the trade's hub",),
    Reason.LEGS_NOT_A_DECISION: ("legs: not a decision",),
    Reason.LEGS_CONTRADICTION: ("legs: contradicts the decision",),
    Reason.LEGS_NOTHING_HELD: ("legs: nothing was held",),
    Reason.LEGS_NOTHING_TO_RESOLVE: ("settlement: nothing to resolve",),
    Reason.LEGS_CLIENT_NOT_FROZEN: ("settlement: client not frozen",),
    Reason.LEGS_NOT_UNDELIVERED: ("legs: nothing to deliver",),
    Reason.LEGS_DELIVERY_FAILED: ("legs: token failed to deliver",),
    Reason.TERMS_UNSOUND: (
        "terms: legs, hub or deadlines",
        "terms: unknown chain",
        "terms: another hub",
        "terms: another agent",
        "terms: zero amount or address",
        "terms: sender is receiver",
        "terms: receiver is a contract",
    ),
    Reason.SIGNATURES: (
        "terms: count of signatures",
        "terms: malformed signature",
        "terms: not signed by a party",
    ),
    Reason.PROOF_NOT_A_PEER: ("settlement: not a peer chain",),
    Reason.PROOF_NOT_SEALED: ("settlement: header not proven",),
    Reason.PROOF_NOT_ANNOUNCED: ("settlement: not an announcement",),
    Reason.PROOF_OTHER_FACTS: ("settlement: not what was said",),
    Reason.PROOF_NOT_NAMED: ("settlement: trade not named",),
    Reason.NOTHING_TO_ANNOUNCE: ("records: nothing to announce",),
}

_REASONS = {text: reason for reason, texts in REASON_TEXTS.items() for text in texts}


def reason_of(text: str) -> Reason | None:
    """The reason behind a revert string; None for one that is not about the protocol."""
    return _REASONS.get(text)
