"""Who holds what, folded from token logs, and whether anything was made or lost on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bridge.events import (
    HoldExecuted,
    HoldPlaced,
    HoldReleased,
    InstrumentListed,
    PositionRecorded,
    Transferred,
    When,
)


class Account(NamedTuple):
    """Whose position in what; an instrument lives on one chain."""

    participant: str
    instrument: str


@dataclass(frozen=True, slots=True)
class Position:
    """Minor units; ``balance`` includes what is held, since the holder stays the owner."""

    balance: int = 0
    held: int = 0

    @property
    def available(self) -> int:
        """What can be spent or held."""
        return self.balance - self.held


@dataclass(frozen=True, slots=True)
class Conservation:
    """One instrument's total when the run opened and now, and what does not add up."""

    instrument: str
    chain: str
    opening: int
    now: int
    held: int
    faults: tuple[str, ...]

    @property
    def is_conserved(self) -> bool:
        """True when the total is unchanged and the fold agrees with the tokens."""
        return self.opening == self.now and not self.faults


class Positions:
    """All positions, one event after the other."""

    def __init__(self) -> None:
        self._now: defaultdict[Account, Position] = defaultdict(Position)
        self._recorded: dict[When, dict[Account, Position]] = {when: {} for when in When}
        self._faults: defaultdict[str, list[str]] = defaultdict(list)

    @property
    def now(self) -> Mapping[Account, Position]:
        """The positions as folded so far."""
        return self._now

    @property
    def opening(self) -> Mapping[Account, Position]:
        """The positions that the tokens gave when the run opened."""
        return self._recorded[When.OPENING]

    def of(self, participant: str, instrument: str) -> Position:
        """One position; zero when there is none."""
        return self._now.get(Account(participant, instrument), Position())

    def transferred(self, event: Transferred) -> None:
        """Move a balance; an empty sender mints and an empty receiver burns."""
        if event.sender:
            self._change(event.sender, event.instrument, balance=-event.amount)
        if event.receiver:
            self._change(event.receiver, event.instrument, balance=event.amount)

    def hold_changed(self, event: HoldPlaced | HoldExecuted | HoldReleased) -> None:
        """Reserve an amount of the sender, or free it."""
        sign = 1 if isinstance(event, HoldPlaced) else -1
        self._change(event.sender, event.instrument, held=sign * event.amount)

    def recorded(self, event: PositionRecorded) -> None:
        """Compare the fold with what the token itself says."""
        account = Account(event.participant, event.instrument)
        stated = Position(event.balance, event.held)
        self._recorded[event.when][account] = stated
        folded = self._now.get(account, Position())
        if folded != stated:
            self._blame(account, f"the token says {stated}, its logs add up to {folded}")

    def conservation(self, listed: InstrumentListed) -> Conservation:
        """Whether the instrument's total is what it was at the opening."""
        code = listed.instrument
        opening = sum(p.balance for a, p in self.opening.items() if a.instrument == code)
        present = [p for a, p in self._now.items() if a.instrument == code]
        return Conservation(
            instrument=code,
            chain=listed.chain,
            opening=opening,
            now=sum(position.balance for position in present),
            held=sum(position.held for position in present),
            faults=tuple(self._faults[code]),
        )

    def _change(self, who: str, code: str, balance: int = 0, held: int = 0) -> None:
        account = Account(who, code)
        old = self._now[account]
        new = Position(old.balance + balance, old.held + held)
        self._now[account] = new
        if not 0 <= new.held <= new.balance:
            self._blame(account, f"impossible position {new}")

    def _blame(self, account: Account, what: str) -> None:
        self._faults[account.instrument].append(f"{account.participant}: {what}")
