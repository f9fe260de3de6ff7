"""What can happen in a run: one frozen type per journal event.

An event holds facts that are the same on every engine and in every process: no engine name, wall
time, gas estimate or path. Chains, participants and instruments are named as the scenario names
them. ``bytes`` are ids, hashes and addresses; heights and gas are plain integers; a ``Wide``
integer may exceed 2^53 and is written as a decimal string.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeAlias

from bridge.model import Outcome

Wide: TypeAlias = Annotated[int, "a decimal string in JSON"]


class Purpose(StrEnum):
    """Why a transaction was sent. The first two only set the stage; the others settle trades."""

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

    @property
    def is_settlement(self) -> bool:
        """True for what a trade costs, header updates included; false for deployment and setup."""
        return self not in (Purpose.DEPLOY, Purpose.SETUP)


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


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """A chain of the run: what its proofs are bound to."""

    name: str
    chain_id: int
    genesis_hash: bytes


@dataclass(frozen=True, slots=True)
class LegTerms:
    """One leg as instructed, in the scenario's names and the instrument's minor units."""

    chain: str
    instrument: str
    sender: str
    receiver: str
    amount: Wide


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The first event. ``epoch_s`` is the Unix time of virtual time zero."""

    scenario: str
    scenario_sha256: str
    seed: Wide
    protocol: str
    epoch_s: int
    chains: tuple[ChainFacts, ...]


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event of a run that was not interrupted."""

    reason: str


@dataclass(frozen=True, slots=True)
class InstrumentListed:
    """An instrument of the run; ``identifier`` is its ISIN or its currency's ISO 4217 code."""

    instrument: str
    chain: str
    kind: Kind
    identifier: str
    minor_units: int


# --- chains -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContractDeployed:
    """A contract is on its chain; ``code_hash`` is keccak of the deployed code."""

    chain: str
    name: str
    address: bytes
    code_hash: bytes


@dataclass(frozen=True, slots=True)
class BlockProduced:
    """A block was made; it is final only once a ``BlockSealed`` covers it."""

    chain: str
    height: int
    hash: bytes
    timestamp_s: int
    transactions: int
    gas_used: int


@dataclass(frozen=True, slots=True)
class BlockSealed:
    """The block and all before it are final on their chain."""

    chain: str
    height: int


@dataclass(frozen=True, slots=True)
class TransactionSubmitted:
    """``sender`` is a participant's name or a role: relayer, issuer, operator."""

    chain: str
    tx_hash: bytes
    sender: str
    purpose: Purpose
    trade_ids: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class TransactionIncluded:
    """A transaction succeeded in the block at ``height``."""

    chain: str
    tx_hash: bytes
    sender: str
    purpose: Purpose
    height: int
    gas_used: int
    trade_ids: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class TransactionFailed:
    """A transaction reverted in the block at ``height``, with the contract's own reason."""

    chain: str
    tx_hash: bytes
    sender: str
    purpose: Purpose
    height: int
    gas_used: int
    reason: str
    trade_ids: tuple[bytes, ...] = ()


# --- a trade ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TradeInstructed:
    """The parties' instruction. ``prepare_by_s`` and ``decide_by_s`` are Unix seconds."""

    reference: str
    trade_id: bytes
    hub: str
    legs: tuple[LegTerms, ...]
    prepare_by_s: int
    decide_by_s: int


@dataclass(frozen=True, slots=True)
class ParticipantActed:
    """A participant's choice, with its own reason, also when no transaction follows."""

    participant: str
    action: Action
    trade_id: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class TradeOpened:
    """The hub recorded the trade and holds the legs of its own chain."""

    trade_id: bytes
    chain: str
    height: int


@dataclass(frozen=True, slots=True)
class LegsHeld:
    """All legs of the trade on this chain are held."""

    trade_id: bytes
    chain: str
    height: int


@dataclass(frozen=True, slots=True)
class LegsRefused:
    """The legs on this chain can never be held; ``by`` is the participant, or empty."""

    trade_id: bytes
    chain: str
    height: int
    by: str = ""


@dataclass(frozen=True, slots=True)
class LegsObjected:
    """A token's authority objected: the legs stay held, and an undecided trade will abort."""

    trade_id: bytes
    chain: str
    height: int


@dataclass(frozen=True, slots=True)
class TradeDecided:
    """The one irrevocable point: ``chain`` is the hub's."""

    trade_id: bytes
    outcome: Outcome
    chain: str
    height: int


@dataclass(frozen=True, slots=True)
class LegsExecuted:
    """Delivered, except the leg indices in ``undelivered``, which anyone may deliver later."""

    trade_id: bytes
    chain: str
    height: int
    undelivered: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LegsReleased:
    """The held legs on this chain went back to their senders."""

    trade_id: bytes
    chain: str
    height: int
    undelivered: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LegDelivered:
    """A leg that was left behind is delivered; ``leg`` is its index in the trade."""

    trade_id: bytes
    chain: str
    height: int
    leg: int


@dataclass(frozen=True, slots=True)
class MemberSkipped:
    """A batch went on without this trade."""

    trade_id: bytes
    chain: str
    height: int
    reason: str


# --- between chains -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PacketRelayed:
    """A proof of one ``Announced`` log was submitted on ``destination``."""

    source: str
    destination: str
    height: int
    trade_ids: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class HeaderAccepted:
    """The light client on ``chain`` believes the header of ``source`` at ``height``."""

    chain: str
    source: str
    height: int
    block_hash: bytes


@dataclass(frozen=True, slots=True)
class ValidatorsChanged:
    """The light client on ``chain`` trusts another validator set of ``source`` from here on."""

    chain: str
    source: str
    height: int


@dataclass(frozen=True, slots=True)
class ClientFrozen:
    """Two identities at one height: the client proves nothing any more."""

    chain: str
    source: str
    height: int


# --- assets -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Transferred:
    """A token's ``Transfer`` log; an empty sender is a mint, an empty receiver a burn."""

    chain: str
    instrument: str
    sender: str
    receiver: str
    amount: Wide
    height: int


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """An amount is reserved; the sender stays its owner."""

    chain: str
    instrument: str
    sender: str
    receiver: str
    amount: Wide
    height: int


@dataclass(frozen=True, slots=True)
class HoldExecuted:
    """The hold is gone; the movement itself is the ``Transferred`` of the same transaction."""

    chain: str
    instrument: str
    sender: str
    receiver: str
    amount: Wide
    height: int


@dataclass(frozen=True, slots=True)
class HoldReleased:
    """The hold is gone and nothing moved."""

    chain: str
    instrument: str
    sender: str
    receiver: str
    amount: Wide
    height: int


@dataclass(frozen=True, slots=True)
class PositionRecorded:
    """A balance read back from the token itself; ``balance`` includes what is held."""

    when: When
    participant: str
    chain: str
    instrument: str
    balance: Wide
    held: Wide


# --- verdicts -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InvariantViolated:
    """The auditor found something that must never be; an empty id means the whole chain."""

    name: str
    chain: str
    detail: str
    trade_id: bytes = b""


@dataclass(frozen=True, slots=True)
class ExpectationChecked:
    """``reference`` names a trade, or is empty for an expectation about the run."""

    reference: str
    expected: str
    actual: str
    met: bool


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
    | HeaderAccepted
    | ValidatorsChanged
    | ClientFrozen
    | Transferred
    | HoldPlaced
    | HoldExecuted
    | HoldReleased
    | PositionRecorded
    | InvariantViolated
    | ExpectationChecked
)
