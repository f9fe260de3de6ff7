"""A trade's sequence diagram: lifelines, rows, and the line from which on it is final."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from gui.i18n import tr
from gui.models.amounts import clock_text
from gui.models.facts import RunFacts, TradeFacts
from gui.models.scene import Actor, FinalityMarker, Message, SequenceScene, StepState
from gui.models.sequence_drafts import RELAYER, STILL_TO_COME, Draft, Drafting, chains_of
from gui.models.tape import Tape
from gui.names import actor_name, chain_name, hue, is_cash


@dataclass(slots=True)
class Rows:
    """Puts messages below each other, but beside each other where moment and room allow it."""

    count: int = 0
    at_ms: int = STILL_TO_COME
    spans: list[tuple[int, int]] = field(default_factory=list)

    def place(self, at_ms: int, low: int, high: int) -> int:
        """The row for a message from lifeline ``low`` to ``high``."""
        is_free = all(high + 1 < left or right + 1 < low for left, right in self.spans)
        if not self.count or at_ms != self.at_ms or not is_free:
            self.count, self.at_ms = self.count + 1, at_ms
            self.spans.clear()
        self.spans.append((low, high))
        return self.count - 1


def sequence_scene(run: RunFacts, tape: Tape, trade: TradeFacts) -> SequenceScene:
    """The diagram of a trade as far as it has come, and what is expected of it."""
    drafting = Drafting(run, trade)
    for happening in tape.of_trade[trade.trade_id]:
        drafting.take(happening)
    drafting.expect()
    actors = tuple(_actors(run, trade, drafting.drafts))
    places = {actor.key: place for place, actor in enumerate(actors)}
    rows = Rows()
    messages, finality = list[Message](), None
    for draft in drafting.drafts:
        low, high = sorted((places[draft.source], places[draft.target]))
        row = rows.place(draft.at_ms, low, high)
        is_known = draft.at_ms != STILL_TO_COME
        time = clock_text(run.epoch_s, draft.at_ms) if is_known else ""
        messages.append(Message(row, time, draft.source, draft.target, draft.text, draft.state))
        if draft.is_final:
            finality = FinalityMarker(row, _finality_text(draft), draft.state)
    return SequenceScene(actors, tuple(messages), finality)


def _finality_text(draft: Draft) -> str:
    if draft.state is StepState.SETTLED:
        return tr("settlement is final from here on")
    return tr("nothing will move from here on")


def _actors(run: RunFacts, trade: TradeFacts, drafts: list[Draft]) -> Iterator[Actor]:
    """Parties of the first chain, that chain, the relayer, the other chains, their parties."""
    chains = [chain for chain in run.chains if chain in chains_of(trade)]
    first = dict.fromkeys(leg.sender for leg in trade.legs if leg.chain == chains[0])
    others = dict.fromkeys(leg.sender for leg in trade.legs if leg.sender not in first)
    for party in first:
        yield _party(run, trade, party)
    yield _chain(run, trade, chains[0])
    if len(chains) > 1:
        yield Actor(RELAYER, actor_name(run, RELAYER), tr("untrusted courier"))
    for chain in chains[1:]:
        yield _chain(run, trade, chain)
    for party in others:
        yield _party(run, trade, party)
    known = {*first, *others, *chains, RELAYER}
    ends = (end for draft in drafts for end in (draft.source, draft.target))
    for stranger in dict.fromkeys(end for end in ends if end not in known):
        yield Actor(stranger, actor_name(run, stranger), "")


def _party(run: RunFacts, trade: TradeFacts, party: str) -> Actor:
    gives = [is_cash(run, leg) for leg in trade.legs if leg.sender == party]
    role = tr("party")
    if len(trade.legs) == 2 and sum(is_cash(run, leg) for leg in trade.legs) == 1:
        role = tr("buyer") if all(gives) else tr("seller")
    return Actor(party, actor_name(run, party), role)


def _chain(run: RunFacts, trade: TradeFacts, chain: str) -> Actor:
    role = tr("decides") if chain == trade.hub else tr("leg agent")
    return Actor(chain, chain_name(chain), role, hue(run, chain))
