"""Table = chain: the contract on a real engine answers every question as the table does.

Every event in every state, illegal ones included, first with all guards holding and then with each
failing alone. Light clients, headers and proofs are real; each clock stands on its very boundary.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from bridge.model import Status
from bridge.protocols.hold_decide import (
    REASON_TEXTS,
    STATES,
    TRANSITIONS,
    Answer,
    Case,
    Effect,
    Event,
    Guard,
    NoOp,
    Reason,
    Refused,
    Role,
    Transition,
    cases,
)
from chains.engine import Receipt
from chains.selection import EngineName, choose
from contracts.artifacts import Optimize, load
from tests.support.abi_entries import topic_of
from tests.support.engine_chain import reason
from tests.support.people import ALICE, BOB
from tests.support.table_events import GAS, Question, pose
from tests.support.table_facts import FactBook
from tests.support.table_world import FOREIGN_LEG, HERE, MOODY_LEG, TableWorld

CELLS = [(role, state, event) for role in Role for state in STATES[role] for event in Event]
OUR_REASONS = {
    Reason.TERMS_UNSOUND: "terms: sender is receiver",
    Reason.SIGNATURES: "terms: not signed by a party",
}
SETTLEMENT, CASH = (
    {topic_of(e): str(e["name"]) for e in load(name).abi if e["type"] == "event"}
    for name in ("settlement", "cash_token")
)
SAID_BY = {
    "HoldPlaced": Effect.PLACE,
    "Announced": Effect.ANNOUNCE,
    "Executed": Effect.EXECUTE,
    "Released": Effect.RELEASE,
    "Delivered": Effect.DELIVER,
}


FASTEST = choose(EngineName.AUTO).name
WORLDS: dict[str, tuple[EngineName, Optimize]] = {
    "pyevm": (EngineName.PYEVM, "gas"),
    "fastest": (FASTEST, "gas"),
    "plain build": (FASTEST, "none"),
}
if FASTEST is EngineName.PYEVM:
    del WORLDS["fastest"]


@pytest.fixture(scope="module", params=WORLDS)
def table(request: pytest.FixtureRequest) -> TableWorld:
    """Built once for each engine and each build of the contracts; then asked from snapshots."""
    return TableWorld.build(*WORLDS[request.param])


@pytest.fixture(scope="module")
def facts(table: TableWorld) -> FactBook:
    """What can be proven in it."""
    return FactBook(table)


def asked_in(role: Role, state: Status, event: Event) -> list[Case]:
    return [c for c in cases() if (c.role, c.state, c.event) == (role, state, event)]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a question can change here."""

    status: Status
    pending: int
    positions: tuple[tuple[int, int], ...]  # owned and held, by token and person


def look(table: TableWorld, question: Question) -> Seen:
    here, trade_id = table.world[HERE], table.world.id_of(question.trade)
    tokens = (here.cash, table.moody.address)
    return Seen(
        here.status(trade_id),
        here.pending(trade_id),
        tuple((here.balance(t, p), here.held(t, p)) for t in tokens for p in (ALICE, BOB)),
    )


def ask(table: TableWorld, question: Question, gas: int = GAS) -> Receipt:
    """Send it, in a block of its own at its time."""
    if question.at_s is not None:
        table.world.wait_until(question.at_s)
    here = table.world[HERE]
    receipt = here.send(question.who, here.settlement, question.data, gas)
    assert question.at_s in (None, here.engine.block(receipt.height).timestamp_s)
    return receipt


def effects_of(table: TableWorld, receipt: Receipt) -> tuple[Effect, ...]:
    """What the contract and the cash token say was done, in order."""
    here = table.world[HERE]
    said: dict[bytes, dict[bytes, str]] = {here.settlement: SETTLEMENT, here.cash: CASH}
    names = [said[e.address].get(e.topics[0], "") for e in receipt.logs if e.address in said]
    return tuple(SAID_BY[name] for name in names if name in SAID_BY)


def expected_pending(before: Seen, question: Question, expected: Transition) -> int:
    """The legs still missing at an open hub, or left behind once it has decided."""
    if Effect.MARK in expected.effects:
        return before.pending & ~question.trade.leg_mask(question.trade.legs[FOREIGN_LEG].chain_id)
    if Effect.DELIVER in expected.effects:
        return before.pending & ~(1 << MOODY_LEG)
    if expected.target is before.status:
        return before.pending
    if expected.target is Status.OPEN:
        return sum(question.trade.leg_mask(c) for c in question.trade.foreign_chain_ids)
    return 0


def moved(before: Seen, after: Seen) -> list[tuple[int, int]]:
    """How much more is owned and held than before, in the order of positions."""
    pairs = zip(before.positions, after.positions, strict=True)
    return [(new[0] - old[0], new[1] - old[1]) for old, new in pairs]


def expected_moves(table: TableWorld, question: Question, expected: Transition) -> list[object]:
    """Alice's legs here go to Bob: held when placed, paid when executed, free when released."""
    here = table.world[HERE]
    amounts = {leg.token: leg.amount_minor for leg in question.trade.legs if leg.chain_id == HERE}
    if Effect.DELIVER in expected.effects:
        amounts = {table.moody.address: amounts[table.moody.address]}
    is_paid = expected.target in (Status.COMMITTED, Status.EXECUTED)
    is_moved = {Effect.EXECUTE, Effect.RELEASE, Effect.DELIVER} & set(expected.effects)
    moves: list[object] = []
    for token in (here.cash, table.moody.address):
        amount = amounts.get(token, 0)
        placed = amount if Effect.PLACE in expected.effects else 0
        ended = amount if is_moved else 0
        paid = ended if is_paid else 0
        moves += [(-paid, placed - ended), (paid, 0)]
    return moves


def check(table: TableWorld, case: Case, question: Question, gas: int = GAS) -> Receipt:
    """Ask, and hold the answer against the table."""
    before = look(table, question)
    receipt = ask(table, question, gas)
    after = look(table, question)
    match case.expected:
        case Refused(reason=why):
            text = OUR_REASONS.get(why) or REASON_TEXTS[why][0]
            assert not receipt.is_success, "it was not refused"
            assert reason(receipt) == text
            assert text in REASON_TEXTS[why]
            assert (after, receipt.logs) == (before, ())
        case NoOp():
            assert receipt.is_success, reason(receipt)
            assert [SETTLEMENT.get(each.topics[0]) for each in receipt.logs] == ["Duplicate"]
            assert receipt.logs[0].topics[1] == table.world.id_of(question.trade)
            assert after == before
        case Transition() as expected:
            assert receipt.is_success, reason(receipt)
            assert after.status is expected.target
            assert after.pending == expected_pending(before, question, expected)
            effects = tuple(e for e in expected.effects if e is not Effect.MARK)
            assert effects_of(table, receipt) == effects
            assert moved(before, after) == expected_moves(table, question, expected)
    return receipt


@pytest.mark.parametrize(
    ("role", "state", "event"), CELLS, ids=[f"{r.value}-{s.name}-{e.value}" for r, s, e in CELLS]
)
def test_the_contract_answers_as_the_table_does(
    table: TableWorld, facts: FactBook, role: Role, state: Status, event: Event
) -> None:
    gas_used = 0
    for case in asked_in(role, state, event):
        question = pose(table, facts, case)
        if case.failing is Guard.ENOUGH_GAS:
            # What it takes without the reserve for a token that a real one never needs.
            check(table, case, question, gas_used)
        else:
            receipt = check(table, case, question)
            gas_used = gas_used or receipt.gas_used


def test_every_case_of_the_table_is_asked() -> None:
    asked = [case for cell in CELLS for case in asked_in(*cell)]
    assert len(asked) == len(set(asked)) == len(list(cases())) == 647
    assert len(CELLS) == sum(len(row) for rows in TRANSITIONS.values() for row in rows.values())


LIES: dict[str, Answer] = {
    "another state": Transition(Status.COMMITTED, (Effect.PLACE,)),
    "another effect": Transition(Status.OPEN, (Effect.PLACE, Effect.ANNOUNCE)),
    "no effect": Transition(Status.OPEN),
    "nothing new": NoOp(),
    "a refusal": Refused(Reason.HUB_KNOWS_TRADE),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_table_that_says_otherwise_would_be_found_out(
    table: TableWorld, facts: FactBook, lie: str
) -> None:
    honest = asked_in(Role.HUB, Status.NONE, Event.OPEN)[0]
    question = pose(table, facts, honest)
    with pytest.raises(AssertionError):
        check(table, replace(honest, expected=LIES[lie]), question)


def test_a_table_with_another_reason_would_be_found_out(table: TableWorld, facts: FactBook) -> None:
    honest = asked_in(Role.LEGS, Status.REFUSED, Event.HOLD)[0]
    question = pose(table, facts, honest)
    check(table, honest, question)
    with pytest.raises(AssertionError):
        check(table, replace(honest, expected=Refused(Reason.LEGS_KNOW_TRADE)), question)
