"""Sentences for what happened: a journal event's name and values in, one line out.

The journal holds codes and values; every language is made here. Contracts' own reasons are quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from gui.event_words import ACTIONS, CAUSES, FAULTS, LEVELS, PURPOSES, Level
from gui.i18n import mark, tr
from gui.models.amounts import short_hash
from gui.models.facts import Happening, RunFacts, WhyFacts
from gui.names import actor_name, chain_name, figure

LEI_LENGTH: Final = 20
REASON_CODE: Final = re.compile(r"\b[A-Z]{4}\b")


def label_of(reference: str) -> str:
    """A UTI without the LEI it starts with, as tables show it."""
    return reference[LEI_LENGTH:] if len(reference) > LEI_LENGTH else reference


def why_text(run: RunFacts, why: WhyFacts) -> str:
    """Why a trade is not settled, with its ISO 20022 reason code where there is one."""
    who = actor_name(run, why.participant) if why.participant else tr("a party")
    chain = chain_name(why.chain) if why.chain else tr("a chain")
    sentence = tr(CAUSES[why.cause], who=who, chain=chain)
    if why.instrument:
        sentence = tr(
            "{sentence}: needs {needed} {code}, has {available}",
            sentence=sentence,
            needed=figure(run, why.instrument, why.needed),
            code=why.instrument,
            available=figure(run, why.instrument, why.available),
        )
    return f"{sentence} [{why.reason_code}]" if why.reason_code else sentence


def level_of(happening: Happening) -> Level:
    """How much it matters."""
    match happening.kind:
        case "TradeDecided":
            return Level.SUCCESS if happening.text("outcome") == "committed" else Level.WARNING
        case "ParticipantActed" if happening.text("action") in ("refused", "withheld", "objected"):
            return Level.WARNING
        case "ExpectationChecked":
            return Level.SUCCESS if happening.number("met") else Level.ERROR
        case kind:
            return LEVELS.get(kind, Level.INFO)


def source_of(run: RunFacts, happening: Happening) -> str:
    """Where it happened, or who did it."""
    if happening.kind in ("PacketRelayed", "HeaderRelayed", "RelayerReported"):
        return tr("Relayer")
    if happening.text("chain"):
        return chain_name(happening.text("chain"))
    if happening.text("participant"):
        return actor_name(run, happening.text("participant"))
    return tr("Run")


def sentence_of(run: RunFacts, happening: Happening, labels: Mapping[str, str]) -> str:
    """What happened; ``labels`` names trades by their ids."""
    ids = happening.trade_ids
    trade = ", ".join(labels.get(each, short_hash(each)) for each in ids[:3])
    if len(ids) > 3:
        trade = tr("{trade} and {count} more", trade=trade, count=len(ids) - 3)
    made = SENTENCES.get(happening.kind)
    return made(run, happening, trade) if made else happening.kind


def _sent(run: RunFacts, it: Happening, trade: str) -> str:
    purpose = it.text("purpose")
    verb = tr(PURPOSES[purpose]) if purpose in PURPOSES else purpose
    who = actor_name(run, it.text("sender"))
    return tr("{who} {verb} {trade}", who=who, verb=verb, trade=trade).rstrip()


def _failed(run: RunFacts, it: Happening, trade: str) -> str:
    said = _sent(run, it, trade)
    return tr("{what}: reverted with \u201c{reason}\u201d", what=said, reason=it.text("reason"))


def _lost(run: RunFacts, it: Happening, trade: str) -> str:
    return tr("{what}: lost, it is in no block any more", what=_sent(run, it, trade))


def _decided(run: RunFacts, it: Happening, trade: str) -> str:
    if it.text("outcome") == "committed":
        return tr("{trade} is committed: settlement is final", trade=trade)
    return tr("{trade} is aborted: nothing will move", trade=trade)


def _relayed(run: RunFacts, it: Happening, trade: str) -> str:
    return tr(
        "carries a proof of block {height} from {source} to {destination} for {trade}",
        height=it.number("height"),
        source=chain_name(it.text("source")),
        destination=chain_name(it.text("destination")),
        trade=trade,
    )


def _moved(run: RunFacts, it: Happening, trade: str) -> str:
    code = it.text("instrument")
    amount = f"{figure(run, code, it.number('amount'))} {code}"
    sender, receiver = it.text("sender"), it.text("receiver")
    if not sender:
        return tr("{amount} issued to {who}", amount=amount, who=actor_name(run, receiver))
    if not receiver:
        return tr("{amount} of {who} burnt", amount=amount, who=actor_name(run, sender))
    names = {"sender": actor_name(run, sender), "receiver": actor_name(run, receiver)}
    return tr("{amount} from {sender} to {receiver}", amount=amount, **names)


def _header(run: RunFacts, it: Happening, trade: str) -> str:
    source = chain_name(it.text("source"))
    return tr(
        "light client believes block {height} of {source}",
        height=it.number("height"),
        source=source,
    )


def _checked(run: RunFacts, it: Happening, trade: str) -> str:
    what = label_of(it.text("reference")) or tr("all assets")
    expected, actual = _verdict(it.text("expected")), _verdict(it.text("actual"))
    return tr(
        "{what}: expected {expected}, found {actual}", what=what, expected=expected, actual=actual
    )


def _verdict(text: str) -> str:
    """A verdict in the language of the moment, with the reason code that it may carry."""
    word, _, reason = text.partition(":")
    code = REASON_CODE.search(reason)
    return f"{tr(word)} [{code[0]}]" if code else tr(word)


def _carried(run: RunFacts, it: Happening, trade: str) -> str:
    return tr(
        "carries header {height} of {source} to {destination}",
        height=it.number("height"),
        source=chain_name(it.text("source")),
        destination=chain_name(it.text("destination")),
    )


def _fault(run: RunFacts, it: Happening, trade: str) -> str:
    target = it.text("target")
    place = chain_name(target) if target in run.chains else actor_name(run, target)
    fault = tr(FAULTS.get(it.text("fault"), it.text("fault")))
    return tr("fault on purpose: {fault}, {target}", fault=fault, target=place)


Sentence = Callable[[RunFacts, Happening, str], str]


def _of_trade(text: str) -> Sentence:
    return lambda run, it, trade: tr(text, trade=trade)


def _of_client(text: str) -> Sentence:
    return lambda run, it, trade: tr(text, source=chain_name(it.text("source")))


SENTENCES: Final[Mapping[str, Sentence]] = {
    "RunStarted": lambda run, it, trade: tr(
        "the run of {scenario} begins, seed {seed}", scenario=run.scenario, seed=run.seed
    ),
    "RunFinished": lambda run, it, trade: tr(
        "the run is over: {reason}", reason=tr(it.text("reason"))
    ),
    "TransactionSubmitted": _sent,
    "TransactionIncluded": _sent,
    "TransactionFailed": _failed,
    "TransactionLost": _lost,
    "TradeInstructed": _of_trade(mark("{trade} is instructed")),
    "ParticipantActed": lambda run, it, trade: tr(
        ACTIONS[it.text("action")], who=actor_name(run, it.text("participant")), trade=trade
    ),
    "TradeOpened": _of_trade(mark("{trade} is open; its legs here are held")),
    "LegsHeld": _of_trade(mark("the legs of {trade} are held")),
    "LegsRefused": _of_trade(mark("the legs of {trade} are refused for good")),
    "LegsObjected": _of_trade(mark("the legs of {trade} are objected to")),
    "LegsExecuted": _of_trade(mark("the legs of {trade} are delivered")),
    "LegsReleased": _of_trade(mark("the legs of {trade} are released")),
    "LegDelivered": _of_trade(mark("a leg of {trade} that was left behind is delivered")),
    "MemberSkipped": lambda run, it, trade: tr(
        "{trade} is left out of a batch: {reason}", trade=trade, reason=it.text("reason")
    ),
    "TradeDecided": _decided,
    "PacketRelayed": _relayed,
    "HeaderRelayed": _carried,
    "HeaderAccepted": _header,
    "RelayerReported": lambda run, it, trade: tr(
        "cannot be mended by trying again: {detail}", detail=it.text("detail")
    ),
    "FaultInjected": _fault,
    "ValidatorsChanged": _of_client(mark("light client trusts a new validator set of {source}")),
    "ClientFrozen": _of_client(mark("light client of {source} froze: it proves nothing any more")),
    "Transferred": _moved,
    "InvariantViolated": lambda run, it, trade: tr(
        "invariant {name} is violated: {detail}", name=it.text("name"), detail=it.text("detail")
    ),
    "ExpectationChecked": _checked,
    "CommandGiven": lambda run, it, trade: tr("by hand: {command}", command=it.text("command")),
    "Restored": lambda run, it, trade: tr(
        "back at snapshot {number}: another branch begins", number=it.number("snapshot")
    ),
}
