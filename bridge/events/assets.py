"""What happens to balances: the tokens' own logs, and positions read back from them."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.events.words import When, Wide


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
