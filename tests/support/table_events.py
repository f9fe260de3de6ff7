"""Each event of the table as a transaction, with one guard failing or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bridge import contract_calls
from bridge.model import Leg, Outcome, Signature, Status, Trade
from bridge.protocols.hold_decide import Case, Event, Guard
from bridge.signatures import sign
from tests.support.engine_hostile import Mood
from tests.support.engine_world import COURIER, LONDON
from tests.support.people import ALICE, AUTHORITY, EVE, key
from tests.support.table_facts import FACTS, FactBook, Told
from tests.support.table_world import CASH_LEG, FOREIGN_LEG, HERE, MOODY_LEG, TableWorld

GAS = 3_000_000
OUTCOMES = {Event.RESOLVE_COMMITTED: Outcome.COMMITTED, Event.RESOLVE_ABORTED: Outcome.ABORTED}


@dataclass(frozen=True, slots=True)
class Question:
    """A transaction to the contract here, about one trade."""

    trade: Trade
    who: str
    data: bytes
    at_s: int | None = None  # the timestamp of its block
    fact: Told | None = None


def pose(table: TableWorld, facts: FactBook, case: Case) -> Question:
    """Come to the state, arrange everything else, and say what is to be sent."""
    if case.event in FACTS:
        told = facts.told(case.role, case.state, case.event, case.failing)
        return _prove(case, table.trades[case.role], told)
    is_left_behind = case.event is Event.DELIVER and case.failing is not Guard.LEFT_BEHIND
    trade = table.enter(case.role, case.state, is_left_behind=is_left_behind)
    question = _call(table, case, _terms(table, case, trade))
    if case.event in OUTCOMES and case.failing is not Guard.CLIENT_FROZEN:
        table.world.freeze(LONDON, HERE)
    if case.event is Event.DELIVER and case.failing is not Guard.TOKEN_DELIVERS:
        table.moody.behave()
    return question


def _prove(case: Case, trade: Trade, fact: Told) -> Question:
    terms = trade
    if case.failing is Guard.TERMS_SOUND:
        terms = unsound(trade)
    elif case.failing is Guard.NAMED:
        terms = replace(trade, decide_by_s=trade.decide_by_s + 1)
    data = contract_calls.prove(fact.packet, 0, terms)
    is_late = case.failing is Guard.TIME_TO_DECIDE
    return Question(trade, COURIER, data, trade.decide_by_s + is_late, fact)


def _call(table: TableWorld, case: Case, trade: Trade) -> Question:
    world, failing = table.world, case.failing
    match case.event:
        case Event.OPEN | Event.HOLD:
            is_open = case.event is Event.OPEN
            make = contract_calls.open_trade if is_open else contract_calls.hold
            signed = world.signed(trade) if is_open else world.signed_on(trade, HERE)
            at_s = trade.prepare_by_s + (failing is Guard.TIME_TO_PREPARE)
            return Question(trade, COURIER, make(trade, _spoil(signed, failing)), at_s)
        case Event.REFUSE:
            who = EVE if failing is Guard.BY_A_SENDER else ALICE
            return Question(trade, who, contract_calls.refuse(trade))
        case Event.OBJECT:
            who = EVE if failing is Guard.BY_AN_AUTHORITY else AUTHORITY
            return Question(trade, who, contract_calls.object_to(trade))
        case Event.CANCEL:
            signed = _spoil(world.cancel_signed(trade), failing)
            return Question(trade, COURIER, contract_calls.cancel(trade, signed))
        case Event.ABORT:
            at_s = trade.decide_by_s + (failing is not Guard.PAST_DECIDE_BY)
            return Question(trade, COURIER, contract_calls.abort(trade), at_s)
        case Event.RESOLVE_COMMITTED | Event.RESOLVE_ABORTED:
            outcome = OUTCOMES[case.event]
            signed = _spoil(world.resolve_signed(trade, outcome), failing)
            return Question(trade, COURIER, contract_calls.resolve(trade, outcome, signed))
        case Event.DELIVER:
            return Question(trade, COURIER, contract_calls.deliver(trade, _which_leg(case)))
        case Event.ANNOUNCE:
            return Question(trade, COURIER, contract_calls.announce([world.id_of(trade)]))
        case _:
            raise AssertionError(f"{case.event} is a fact")


def _which_leg(case: Case) -> int:
    if case.failing is Guard.LEFT_BEHIND:
        return CASH_LEG
    # While open, the legs elsewhere are marked in the same mask.
    return FOREIGN_LEG if case.state is Status.OPEN else MOODY_LEG


def _terms(table: TableWorld, case: Case, trade: Trade) -> Trade:
    """The trade itself, or another one where the failing guard is about terms and tokens."""
    world = table.world
    match case.failing:
        case Guard.TERMS_SOUND:
            return unsound(trade)
        case Guard.TOKENS_SERVED:
            return _other(trade, replace(trade.legs[MOODY_LEG], token=table.unserved))
        case Guard.TOKENS_HOLD:
            table.moody.behave(hold=Mood.SAYS_NO)
        case Guard.NO_CALL_BACK:
            other = replace(trade, legs=trade.legs[MOODY_LEG:])
            table.moody.call_back(world[HERE].settlement, contract_calls.object_to(other))
            return other
        case Guard.HAS_FOREIGN_LEGS:
            return replace(trade, legs=trade.legs[:FOREIGN_LEG])
        case Guard.REFERENCE_UNUSED:
            used = world.trade(*trade.legs, hub=HERE)
            world.open(used)
            return replace(used, decide_by_s=used.decide_by_s + 1)
        case _:
            pass
    return trade


def _other(trade: Trade, leg: Leg) -> Trade:
    return replace(trade, legs=(leg, *trade.legs[1:]))


def unsound(trade: Trade) -> Trade:
    """A party pays itself."""
    return _other(trade, replace(trade.legs[0], receiver=trade.legs[0].sender))


def _spoil(signed: Sequence[Signature], failing: Guard | None) -> tuple[Signature, ...]:
    """The last signature is a stranger's, where signatures are what fails."""
    if failing not in (Guard.SIGNED_BY_ALL, Guard.SIGNED_BY_SENDERS_HERE):
        return tuple(signed)
    return (*signed[:-1], sign(key(EVE), b"\1" * 32))
