"""What the relayer carries together: one proof for all that one log says, one log for many trades.

A trade that comes alone is proven at once, by the log that its own transaction emitted. When many
trades have news in one block, each in a log of its own, their chain is asked to say all of it in
one log first: that takes a block more and saves a proof for each of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bridge.batches import in_batches
from bridge.model import ChainId, Status, TradeId
from bridge.protocols.protocol import Carry
from bridge.relay_case import Announcement, Attempt, Case, Fact

TOGETHER_MIN = 4
"""From so many on a block of waiting is worth it: fewer are proven one by one, at once."""

WAIT_MAX_S = 1
"""A chain whose sealed blocks are older, by its finality lag, is not worth waiting for."""

TOGETHER_MARGIN_S = 10
"""A hold that must be proven within this time is not made to wait."""

PATIENCE_S = 5
"""How long past the age of its sealed blocks a chain may take to say what it was asked for.

Shorter than the margin: what was waited for in vain is still proven in time, by what there is.
"""


@dataclass(frozen=True, slots=True)
class Ready:
    """A fact that can be carried now; ``asked`` is how it goes to have it announced again."""

    case: Case
    carry: Carry
    attempt: Attempt
    fact: Fact
    asked: Attempt | None = None

    @property
    def trade_id(self) -> TradeId:
        """The trade it is about."""
        return self.case.trade_id


@dataclass(slots=True)
class Requests:
    """The trades of which chains are asked to speak again, each once."""

    _company: dict[tuple[ChainId, TradeId], int] = field(default_factory=dict)

    def add(self, chain: ChainId, trade_id: TradeId, company_max: int) -> None:
        """Ask ``chain`` about a trade, together with others up to ``company_max`` in all."""
        key = chain, trade_id
        self._company[key] = min(company_max, self._company.get(key, company_max))

    def __iter__(self) -> Iterator[tuple[ChainId, tuple[TradeId, ...]]]:
        """The requests, each small enough for all its trades."""
        shelves: defaultdict[tuple[ChainId, int], list[TradeId]] = defaultdict(list)
        for (chain, trade_id), company_max in self._company.items():
            shelves[chain, company_max].append(trade_id)
        for (chain, company_max), trade_ids in shelves.items():
            for start in range(0, len(trade_ids), company_max):
                yield chain, tuple(trade_ids[start : start + company_max])


def better_together(
    ready: Iterable[Ready], now_s: int, age_s: Callable[[ChainId], int]
) -> set[tuple[ChainId, TradeId]]:
    """The facts, by chain and trade, that are to be announced in one log before they are proven.

    ``age_s`` tells how old a chain's last sealed block is: so long it takes until what the chain is
    asked for can be proven. A chain that is slow to seal is not asked: nobody waits for so long.
    """
    alone: defaultdict[ChainId, dict[TradeId, None]] = defaultdict(dict)
    for one in ready:
        waited_s = age_s(one.carry.source)
        if waited_s > WAIT_MAX_S or not one.fact.is_alone:
            continue
        if not _must_go_alone(one, now_s + waited_s):
            alone[one.carry.source][one.trade_id] = None
    return {
        (chain, trade_id)
        for chain, trade_ids in alone.items()
        if len(trade_ids) >= TOGETHER_MIN
        for trade_id in trade_ids
    }


def parcels(
    ready: Iterable[Ready], company_max: int
) -> Iterator[tuple[Announcement, tuple[Ready, ...]]]:
    """What one call proves: trades of one log, for one chain, in the order of the log.

    A trade whose proof has failed before goes alone, so that it fails no other; all do when
    ``company_max`` is 1.
    """
    together: defaultdict[tuple[ChainId, int], list[Ready]] = defaultdict(list)
    logs: dict[int, Announcement] = {}  # one object for each log
    for one in ready:
        log = one.fact.announcement
        logs[id(log)] = log
        if one.attempt.failures or company_max == 1:
            yield log, (one,)
        else:
            together[one.carry.target, id(log)].append(one)
    for (_, name), members in together.items():
        log = logs[name]
        if len(members) > 1:
            place = {trade_id: index for index, trade_id in enumerate(log.ids)}
            members.sort(key=lambda one: place[one.trade_id])
        for batch in in_batches(members, lambda one: one.case.trade):
            yield log, batch


def decided_by(batch: Sequence[Ready]) -> tuple[TradeId, ...]:
    """The trades that a hub decides when this is proven to it: their chains wait for its word."""
    return tuple(one.trade_id for one in batch if one.case.is_decided_by(one.carry))


def _must_go_alone(one: Ready, proven_s: int) -> bool:
    """True for what failed, or was awaited, together with others, and for a hold nearly late."""
    asked = one.asked
    has_failed = one.attempt.failures or (asked and (asked.failures or asked.is_in_flight))
    if has_failed or one.fact.company_max < TOGETHER_MIN:
        return True
    is_late = proven_s + TOGETHER_MARGIN_S > one.case.trade.decide_by_s
    return one.carry.status is Status.HELD and is_late
