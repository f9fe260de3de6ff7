"""Resolve: all parties together, only while the client of the hub's chain is frozen."""

from __future__ import annotations

import pytest

from bridge import eip712
from bridge.model import Outcome, Status, Trade
from bridge.signatures import sign_all
from tests.support.people import ALICE, AUTHORITY, BOB, EVE, KEYS, caller
from tests.support.refusals import refused
from tests.support.settlement_calls import tuples
from tests.support.settlement_chain import CASH, balance, held
from tests.support.settlement_world import LONDON, SHANGHAI, World

COMMITTED, ABORTED = Outcome.COMMITTED, Outcome.ABORTED


@pytest.fixture
def trade(world: World) -> Trade:
    """Held on London; then Shanghai's validators contradict themselves."""
    trade = world.dvp()
    world.open(trade)
    world.hold(trade)
    world.freeze(SHANGHAI, on=LONDON)
    return trade


def resolve(world: World, trade: Trade, outcome: int, signed: Outcome | None = None) -> None:
    signatures = world.resolve_signed(trade, signed or Outcome(outcome))
    world[LONDON].settlement.transact(
        "resolve", trade.as_tuple(), outcome, signatures, sender=caller(EVE)
    )


def test_a_frozen_client_proves_nothing(world: World, trade: Trade) -> None:
    decision = world[SHANGHAI].prover.packet(
        world[SHANGHAI]
        .settlement.transact("cancel", trade.as_tuple(), world.cancel_signed(trade))
        .logs
    )
    with refused("client: frozen"):
        world.carried(decision)
    with refused("settlement: header not proven"):
        world.prove(decision, trade, LONDON)


@pytest.mark.parametrize(
    ("outcome", "status", "paid"),
    [(COMMITTED, Status.EXECUTED, 500), (ABORTED, Status.RELEASED, 0)],
)
def test_all_parties_resolve_held_legs(
    world: World, trade: Trade, outcome: Outcome, status: Status, paid: int
) -> None:
    resolve(world, trade, outcome)
    assert world.status(trade, LONDON) is status
    assert balance(world[LONDON].cash, ALICE) == CASH + paid
    assert held(world[LONDON].cash, BOB) == 0


def test_all_parties_resolve_legs_that_were_objected_to(world: World) -> None:
    trade = world.dvp()
    world.hold(trade)
    world[LONDON].settlement.transact("object", trade.as_tuple(), sender=caller(AUTHORITY))
    world.freeze(SHANGHAI, on=LONDON)
    resolve(world, trade, ABORTED)
    assert world.status(trade, LONDON) is Status.RELEASED


@pytest.mark.parametrize("outcome", [COMMITTED, ABORTED])
def test_nothing_is_resolved_while_the_client_is_not_frozen(world: World, outcome: Outcome) -> None:
    trade = world.dvp()
    world.hold(trade)
    with refused("settlement: client not frozen"):
        resolve(world, trade, outcome)
    assert world.status(trade, LONDON) is Status.HELD


@pytest.mark.parametrize(
    ("missing", "reason"),
    [(0, "terms: not signed by a party"), (1, "terms: count of signatures")],
)
def test_a_resolution_with_one_signature_missing_is_refused(
    world: World, trade: Trade, missing: int, reason: str
) -> None:
    signatures = world.resolve_signed(trade, ABORTED)
    del signatures[missing]
    with refused(reason):
        world[LONDON].settlement.transact("resolve", trade.as_tuple(), ABORTED, signatures)
    assert world.status(trade, LONDON) is Status.HELD


def test_signatures_for_one_outcome_do_not_resolve_to_the_other(world: World, trade: Trade) -> None:
    with refused("terms: not signed by a party"):
        resolve(world, trade, COMMITTED, signed=ABORTED)


@pytest.mark.parametrize("outcome", [0, 1, 4, 6, 255])
def test_only_a_decision_resolves(world: World, trade: Trade, outcome: int) -> None:
    domain = eip712.Domain.of(trade, world.salt)
    digest = eip712.resolve_digest(domain, world.id_of(trade), outcome)  # type: ignore[arg-type]
    signatures = tuples(sign_all(KEYS, trade.parties, digest))
    with refused("legs: not a decision"):
        world[LONDON].settlement.transact("resolve", trade.as_tuple(), outcome, signatures)


def test_what_is_not_held_is_not_resolved(world: World, trade: Trade) -> None:
    never_held = world.dvp()
    with refused("settlement: nothing to resolve"):
        resolve(world, never_held, ABORTED)
    resolve(world, trade, ABORTED)
    with refused("settlement: nothing to resolve"):
        resolve(world, trade, COMMITTED)
    assert world.status(trade, LONDON) is Status.RELEASED


def test_a_hub_resolves_nothing_of_its_own(world: World, trade: Trade) -> None:
    world.freeze(LONDON, on=SHANGHAI)
    with refused("settlement: the hub holds here"):
        world[SHANGHAI].settlement.transact(
            "resolve", trade.as_tuple(), ABORTED, world.resolve_signed(trade, ABORTED)
        )
