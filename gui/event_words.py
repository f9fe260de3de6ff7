"""The journal's vocabulary on screen: for each of its codes, the words of its sentences."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from gui.i18n import mark


class Level(StrEnum):
    """How much a line matters; each has a glyph of its own."""

    INFO = mark("info")
    SUCCESS = mark("done")
    WARNING = mark("warning")
    ERROR = mark("error")

    @property
    def glyph(self) -> str:
        """What tells the level apart without any colour."""
        return {"info": "\u00b7", "done": "\u2713", "warning": "\u25b2", "error": "\u2717"}[
            self.value
        ]


LEVELS: Final = {
    "TransactionFailed": Level.WARNING,
    "TransactionLost": Level.WARNING,
    "LegsRefused": Level.WARNING,
    "RelayerReported": Level.WARNING,
    "FaultInjected": Level.WARNING,
    "LegsObjected": Level.WARNING,
    "MemberSkipped": Level.WARNING,
    "LegsExecuted": Level.SUCCESS,
    "LegDelivered": Level.SUCCESS,
    "ClientFrozen": Level.ERROR,
    "InvariantViolated": Level.ERROR,
}

QUIET: Final = frozenset(
    {
        "BlockProduced",
        "BlockSealed",
        "PositionRecorded",
        "ContractDeployed",
        "InstrumentListed",
        "HoldExecuted",
        "HoldReleased",
        "HoldPlaced",
        "TransactionIncluded",
    }
)
"""Told by something else, or shown elsewhere: the event log leaves them out."""

QUIET_PURPOSES: Final = frozenset({"deploy", "setup", "update client", "prove"})
"""Transactions that only set the stage, and those of the relayer, which packets tell of."""

ACTIONS: Final = {
    "signed": mark("{who} signed {trade}"),
    "held": mark("{who} asked to hold for {trade}"),
    "refused": mark("{who} refuses {trade}"),
    "waited": mark("{who} waits with {trade}"),
    "withheld": mark("{who} withholds its part of {trade}"),
    "objected": mark("{who} objects to {trade}"),
    "cancelled": mark("{who} cancels {trade}"),
    "asked to abort": mark("{who} asks to abort {trade}"),
}

PURPOSES: Final = {
    "open": mark("opens"),
    "hold": mark("asks to hold"),
    "prove": mark("proves"),
    "refuse": mark("refuses"),
    "object": mark("objects to"),
    "cancel": mark("cancels"),
    "abort": mark("asks to abort"),
    "resolve": mark("resolves"),
    "announce": mark("has announced"),
    "deliver": mark("delivers"),
    "update client": mark("shows a header"),
    "transfer": mark("transfers"),
    "freeze": mark("freezes an account"),
}

CAUSES: Final = {
    "SHORT_OF_CASH": mark("{who} is short of cash on {chain}"),
    "SHORT_OF_SECURITIES": mark("{who} is short of securities on {chain}"),
    "REFUSED": mark("{who} refused its leg on {chain}"),
    "OBJECTED": mark("the authority of a token objected on {chain}"),
    "DECLINED": mark("a token on {chain} declined the hold: not eligible, or above a limit"),
    "CANCELLED": mark("all parties cancelled it"),
    "DEADLINE_PASSED": mark("the time to decide ran out"),
    "CLIENT_FROZEN": mark("the light client on {chain} froze and believes nothing any more"),
    "NOT_OPENED": mark("nobody has opened it on {chain} yet"),
    "AWAITING_CASH": mark("{who} has not held its payment leg on {chain} yet"),
    "AWAITING_SECURITIES": mark("{who} has not held its delivery leg on {chain} yet"),
    "AWAITING_PROOF": mark("everything is held; {chain} waits for the proof of it"),
    "AWAITING_DELIVERY": mark("decided and irrevocable; {chain} waits for the proof of it"),
    "AWAITING_RELEASE": mark("aborted; what is held on {chain} waits for the proof of it"),
}

WORDS: Final = (
    mark("settled"),
    mark("aborted"),
    mark("pending"),
    mark("conserved"),
    mark("violated"),
    mark("all trades terminal"),
    mark("time limit"),
)
"""The journal's own words that sentences quote."""

FAULTS: Final = {
    "relayer_silence": mark("silence"),
    "relayer_restart": mark("crash and new start"),
    "third_party": mark("a party relays"),
    "reorganisation": mark("blocks replaced"),
    "rotation": mark("validators hand over"),
    "freeze": mark("account frozen"),
    "insolvency": mark("insolvency"),
}
