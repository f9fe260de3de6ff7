"""What can happen in a run: one frozen type per journal event.

An event holds facts that are the same on every engine and in every process: no engine name, wall
time, gas estimate or path. Chains, participants and instruments are named as the scenario names
them. ``bytes`` are ids, hashes and addresses; heights and gas are plain integers; a ``Wide``
integer may exceed 2^53 and is written as a decimal string.
"""

from __future__ import annotations

from typing import TypeAlias

from bridge.events.assets import (
    HoldExecuted,
    HoldPlaced,
    HoldReleased,
    PositionRecorded,
    Transferred,
)
from bridge.events.blocks import (
    BlockProduced,
    BlockSealed,
    ContractDeployed,
    TransactionFailed,
    TransactionIncluded,
    TransactionLost,
    TransactionSubmitted,
)
from bridge.events.commands import Command, CommandGiven, Restored
from bridge.events.crossing import (
    ClientFrozen,
    HeaderAccepted,
    HeaderRelayed,
    PacketRelayed,
    RelayerReported,
    ValidatorsChanged,
)
from bridge.events.runs import (
    ChainFacts,
    ExpectationChecked,
    FaultInjected,
    InstrumentListed,
    InvariantViolated,
    RunFinished,
    RunStarted,
)
from bridge.events.trades import (
    LegDelivered,
    LegsExecuted,
    LegsHeld,
    LegsObjected,
    LegsRefused,
    LegsReleased,
    LegTerms,
    MemberSkipped,
    ParticipantActed,
    TradeDecided,
    TradeInstructed,
    TradeOpened,
)
from bridge.events.words import (
    Action,
    Kind,
    Purpose,
    When,
    Wide,
)
from bridge.model import Outcome

__all__ = [
    "Action",
    "BlockProduced",
    "BlockSealed",
    "ChainFacts",
    "ClientFrozen",
    "Command",
    "CommandGiven",
    "ContractDeployed",
    "Event",
    "ExpectationChecked",
    "FaultInjected",
    "HeaderAccepted",
    "HeaderRelayed",
    "HoldExecuted",
    "HoldPlaced",
    "HoldReleased",
    "InstrumentListed",
    "InvariantViolated",
    "Kind",
    "LegDelivered",
    "LegTerms",
    "LegsExecuted",
    "LegsHeld",
    "LegsObjected",
    "LegsRefused",
    "LegsReleased",
    "MemberSkipped",
    "Outcome",
    "PacketRelayed",
    "ParticipantActed",
    "PositionRecorded",
    "Purpose",
    "RelayerReported",
    "Restored",
    "RunFinished",
    "RunStarted",
    "TradeDecided",
    "TradeInstructed",
    "TradeOpened",
    "TransactionFailed",
    "TransactionIncluded",
    "TransactionLost",
    "TransactionSubmitted",
    "Transferred",
    "ValidatorsChanged",
    "When",
    "Wide",
]

Event: TypeAlias = (
    RunStarted
    | RunFinished
    | InstrumentListed
    | ContractDeployed
    | BlockProduced
    | BlockSealed
    | TransactionSubmitted
    | TransactionIncluded
    | TransactionFailed
    | TransactionLost
    | TradeInstructed
    | ParticipantActed
    | TradeOpened
    | LegsHeld
    | LegsRefused
    | LegsObjected
    | TradeDecided
    | LegsExecuted
    | LegsReleased
    | LegDelivered
    | MemberSkipped
    | PacketRelayed
    | HeaderRelayed
    | HeaderAccepted
    | ValidatorsChanged
    | ClientFrozen
    | RelayerReported
    | Transferred
    | HoldPlaced
    | HoldExecuted
    | HoldReleased
    | PositionRecorded
    | FaultInjected
    | InvariantViolated
    | ExpectationChecked
    | CommandGiven
    | Restored
)
