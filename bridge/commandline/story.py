"""A run told step by step in plain words, in English or 简体中文: what ``demo`` prints.

The story is a function of the journal. It tells what a banker would ask: who promised what, what
is reserved where, at which moment the trade became final, and who got what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bridge.commandline.options import Language
from bridge.commandline.story_words import ACTIONS, SAID, Phrase
from bridge.events import (
    Action,
    HeaderAccepted,
    Kind,
    LegDelivered,
    LegsExecuted,
    LegsHeld,
    LegsObjected,
    LegsRefused,
    LegsReleased,
    Outcome,
    PacketRelayed,
    ParticipantActed,
    TradeDecided,
    TradeInstructed,
    TradeOpened,
)
from bridge.figures import amount
from bridge.journal import Entry
from bridge.plain_text import plain
from bridge.readmodel import ReadModel
from bridge.report.words import CAUSES
from bridge.testbed.scenario import Scenario


class Weight(StrEnum):
    """How much a line matters."""

    TITLE = "title"
    STEP = "step"
    FINAL = "final"
    STOPPED = "stopped"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the story; ``trade`` is empty when it is about no single one."""

    weight: Weight
    text: str
    time: str = ""
    trade: str = ""


class Story:
    """Tells a run; whoever prints decides how fast."""

    def __init__(self, scenario: Scenario, language: Language) -> None:
        self._scenario = scenario
        self._language = language
        self._model = ReadModel()

    def prologue(self) -> Iterator[Line]:
        """What the stage is."""
        chains = list(self._scenario.chains)
        names = {"names": ", ".join(chains), "chains": len(chains)}
        yield Line(Weight.TITLE, self._say(Phrase.TITLE))
        for phrase in (Phrase.STAGE, Phrase.RULE, Phrase.COURIER):
            yield Line(Weight.ASIDE, self._say(phrase, **names))

    def told(self, entries: Iterable[Entry]) -> Iterator[Line]:
        """The lines for what has happened since."""
        for entry in entries:
            self._model.apply(entry)
            time = f"{entry.at_ms / 1000:g} s"
            for weight, text in self._lines(entry):
                yield Line(weight, text, time, self._label(entry))

    def epilogue(self) -> Iterator[Line]:
        """What it all came to."""
        counts = {name: self._model.count(name) for name in ("settled", "aborted", "pending")}
        yield Line(Weight.TITLE, self._say(Phrase.END))
        yield Line(Weight.ASIDE, self._say(Phrase.COUNTS, **counts))
        is_conserved = all(kept.is_conserved for kept in self._model.conservation())
        yield Line(Weight.ASIDE, self._say(Phrase.CONSERVED if is_conserved else Phrase.LOST))

    def _lines(self, entry: Entry) -> Iterator[tuple[Weight, str]]:
        match entry.event:
            case TradeInstructed() as event:
                yield Weight.TITLE, self._trade(event.trade_id, Phrase.TRADE)
                for leg in event.legs:
                    moved = self._amount(leg.instrument, leg.amount)
                    phrase = Phrase.PAY if self._is_cash(leg.instrument) else Phrase.LEG
                    who = {"sender": self._name(leg.sender), "receiver": self._name(leg.receiver)}
                    yield Weight.ASIDE, self._say(phrase, what=moved, chain=leg.chain, **who)
            case ParticipantActed() as event if event.trade_id in self._model.trades:
                yield Weight.STEP, self._acted(event)
            case PacketRelayed(source=source, destination=destination, proof_bytes=size):
                phrase = Phrase.CARRIED
                yield (
                    Weight.STEP,
                    self._say(phrase, source=source, destination=destination, size=f"{size:,}"),
                )
            case HeaderAccepted(chain=chain, source=source):
                yield Weight.ASIDE, self._say(Phrase.BELIEVED, chain=chain, source=source)
            case TradeDecided() as event if event.trade_id in self._model.trades:
                yield from self._decided(event)
            case _:
                yield from self._of_legs(entry)

    def _of_legs(self, entry: Entry) -> Iterator[tuple[Weight, str]]:
        match entry.event:
            case (TradeOpened() | LegsHeld()) as event:
                if self._moved(event.trade_id, event.chain):
                    yield Weight.STEP, self._on_chain(event.trade_id, event.chain, Phrase.HELD)
            case (LegsExecuted() | LegDelivered()) as event:
                yield from self._delivered(event.trade_id, event.chain)
            case LegsReleased() as event:
                yield Weight.STEP, self._on_chain(event.trade_id, event.chain, Phrase.RELEASED)
            case LegsRefused() as event:
                yield Weight.STEP, self._on_chain(event.trade_id, event.chain, Phrase.REFUSED)
            case LegsObjected() as event:
                yield Weight.STEP, self._on_chain(event.trade_id, event.chain, Phrase.OBJECTED)
            case _:
                pass

    def _acted(self, event: ParticipantActed) -> str:
        reason = plain(event.reason)
        if event.action is Action.SIGNED:
            return self._say(Phrase.SIGNED, who=self._name(event.participant))
        phrase = Phrase.ACTED if reason else Phrase.ACTED_SILENTLY
        english, chinese = ACTIONS[event.action]
        did = english if self._language is Language.ENGLISH else chinese
        said = {"who": self._name(event.participant), "did": did, "why": reason}
        return self._say(phrase, **said)

    def _decided(self, event: TradeDecided) -> Iterator[tuple[Weight, str]]:
        label = self._model.trades[event.trade_id].label
        place = {"trade": label, "chain": event.chain, "height": f"{event.height:,}"}
        if event.outcome is Outcome.COMMITTED:
            yield Weight.FINAL, self._say(Phrase.FINAL, **place)
            yield Weight.ASIDE, self._say(Phrase.AFTER_FINAL)
            return
        yield Weight.STOPPED, self._say(Phrase.STOPPED, **place)
        why = self._model.explain(event.trade_id)
        if why is not None:
            is_english = self._language is Language.ENGLISH
            sentence = plain(why.sentence) if is_english else CAUSES[why.cause]
            code = f" [{why.reason_code}]" if why.reason_code else ""
            yield Weight.ASIDE, self._say(Phrase.WHY, why=sentence, code=code)

    def _delivered(self, trade_id: bytes, chain: str) -> Iterator[tuple[Weight, str]]:
        trade = self._model.trades.get(trade_id)
        for leg in trade.legs_on(chain) if trade else ():
            moved = self._amount(leg.terms.instrument, leg.terms.amount)
            said = {"what": moved, "receiver": self._name(leg.terms.receiver), "chain": chain}
            yield Weight.STEP, self._say(Phrase.DELIVERED, **said)
        if trade is not None and trade.verdict == "settled":
            yield Weight.ASIDE, self._say(Phrase.SETTLED, trade=trade.label)

    def _on_chain(self, trade_id: bytes, chain: str, phrase: Phrase) -> str:
        trade = self._model.trades.get(trade_id)
        senders = {leg.terms.sender for leg in trade.legs_on(chain)} if trade else set()
        who = ", ".join(self._name(sender) for sender in sorted(senders))
        return self._say(phrase, what=self._moved(trade_id, chain), chain=chain, who=who)

    def _moved(self, trade_id: bytes, chain: str) -> str:
        trade = self._model.trades.get(trade_id)
        legs = trade.legs_on(chain) if trade else ()
        return ", ".join(self._amount(leg.terms.instrument, leg.terms.amount) for leg in legs)

    def _trade(self, trade_id: bytes, phrase: Phrase) -> str:
        trade = self._model.trades[trade_id]
        return self._say(phrase, trade=trade.label, hub=trade.instruction.hub)

    def _label(self, entry: Entry) -> str:
        one = getattr(entry.event, "trade_id", b"")
        ids = (one,) if one else getattr(entry.event, "trade_ids", ())
        return ", ".join(self._model.trades[i].label for i in ids if i in self._model.trades)

    def _is_cash(self, instrument: str) -> bool:
        return self._model.instruments[instrument].kind is Kind.CASH

    def _amount(self, instrument: str, minor: int) -> str:
        return amount(self._model, instrument, minor)

    def _name(self, participant: str) -> str:
        party = self._scenario.participants.get(participant)
        return plain(party.name.partition(" (")[0]) if party else participant

    def _say(self, phrase: Phrase, **words: object) -> str:
        english, chinese = SAID[phrase]
        return (english if self._language is Language.ENGLISH else chinese).format(**words)
