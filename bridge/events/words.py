"""The small vocabularies of events, and integers that JSON cannot hold as numbers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

Wide: TypeAlias = Annotated[int, "a decimal string in JSON"]


class Purpose(StrEnum):
    """Why a transaction was sent. The first two only set the stage; most others settle trades."""

    DEPLOY = "deploy"
    SETUP = "setup"
    OPEN = "open"
    HOLD = "hold"
    PROVE = "prove"
    REFUSE = "refuse"
    OBJECT = "object"
    CANCEL = "cancel"
    ABORT = "abort"
    RESOLVE = "resolve"
    ANNOUNCE = "announce"
    DELIVER = "deliver"
    UPDATE_CLIENT = "update client"
    TRANSFER = "transfer"
    FREEZE = "freeze"

    @property
    def is_settlement(self) -> bool:
        """True for what a trade costs, header updates included; false for setup and issuers."""
        return self not in (Purpose.DEPLOY, Purpose.SETUP, Purpose.FREEZE)


class Action(StrEnum):
    """What a participant did, or chose not to do, about a trade."""

    SIGNED = "signed"
    HELD = "held"
    REFUSED = "refused"
    WAITED = "waited"
    WITHHELD = "withheld"
    OBJECTED = "objected"
    CANCELLED = "cancelled"
    ASKED_TO_ABORT = "asked to abort"


class When(StrEnum):
    """The two moments at which positions are read back from the chains."""

    OPENING = "opening"
    CLOSING = "closing"


class Kind(StrEnum):
    """What an instrument is; a leg of cash pays, a leg of a security delivers."""

    CASH = "cash"
    SECURITY = "security"
