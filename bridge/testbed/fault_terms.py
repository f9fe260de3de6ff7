"""What a scenario may have go wrong, as its file says it; ``faults.py`` makes it happen.

Times are seconds of virtual time from the start of the run. A fault happens in the second that
begins then: before anybody acts, and before the block that ends it.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from bridge.testbed.fault_fields import (
    Administrator,
    Duration,
    FreezableInstrument,
    HoldingParticipant,
    RelayingParticipant,
    ReplacedValidators,
    UnsealedDepth,
)
from bridge.testbed.fields import Delay, KnownChain, KnownParticipant
from bridge.testbed.part import Part


class RelayerRestart(Part):
    """The relayer crashes; a new one starts ``down_for_s`` later, from outbox and chains."""

    kind: Literal["relayer_restart"]
    at_s: Delay
    down_for_s: Delay = 0

    @property
    def over_s(self) -> int:
        """When the fault has passed."""
        return self.at_s + self.down_for_s


class RelayerSilence(Part):
    """The relayer carries nothing for ``for_s`` seconds, or never again."""

    kind: Literal["relayer_silence"]
    at_s: Delay
    for_s: Duration | None = None

    @property
    def over_s(self) -> int:
        """When the fault has passed, or begun if it never passes."""
        return self.at_s + (self.for_s or 0)


class ThirdParty(Part):
    """From now on a participant relays too, from its own account: it needs nobody's leave."""

    kind: Literal["third_party"]
    at_s: Delay
    participant: RelayingParticipant

    @property
    def over_s(self) -> int:
        """When the fault has happened."""
        return self.at_s


class Reorganisation(Part):
    """The newest ``depth`` blocks are replaced; with ``drop``, what they held is lost."""

    kind: Literal["reorganisation"]
    at_s: Delay
    chain: KnownChain
    depth: UnsealedDepth
    drop: bool = False

    @property
    def over_s(self) -> int:
        """When the fault has happened."""
        return self.at_s


class Rotation(Part):
    """The ``replaced`` longest-serving validators of a chain hand over to new ones."""

    kind: Literal["rotation"]
    at_s: Delay
    chain: KnownChain
    replaced: ReplacedValidators = Field(default=1, validate_default=True)

    @property
    def over_s(self) -> int:
        """When the fault has happened."""
        return self.at_s


class Freeze(Part):
    """The issuer of a security freezes a participant's account in it."""

    kind: Literal["freeze"]
    at_s: Delay
    instrument: FreezableInstrument
    participant: HoldingParticipant

    @property
    def over_s(self) -> int:
        """When the fault has happened."""
        return self.at_s


class Insolvency(Part):
    """A participant stops; its administrator takes all that is not held, issuers freeze it."""

    kind: Literal["insolvency"]
    at_s: Delay
    participant: KnownParticipant
    administrator: Administrator

    @property
    def over_s(self) -> int:
        """When the fault has happened."""
        return self.at_s


RelayerFault: TypeAlias = RelayerRestart | RelayerSilence | ThirdParty
ChainFault: TypeAlias = Reorganisation | Rotation
AccountFault: TypeAlias = Freeze | Insolvency
Fault: TypeAlias = Annotated[RelayerFault | ChainFault | AccountFault, Field(discriminator="kind")]
