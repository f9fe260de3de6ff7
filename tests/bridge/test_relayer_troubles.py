"""What cannot be proven is announced again, what fails is sent again, what is wrong is reported."""

from __future__ import annotations

import pytest

from bridge.contract_logs import Executed, Frozen, HeaderAccepted, Opened, ValidatorsChanged
from bridge.model import Status
from bridge.relay_view import LOST, Prove, UpdateClient
from bridge.relayer import Relayer
from bridge.retries import BACKOFF_MAX_S, FAILURES_MAX, retry_after_s
from tests.bridge.test_relayer import ID, TRADE, summary
from tests.support.relayed_chains import HUB, LEG, FakeChain, look
from tests.support.sealed_headers import validator_set

FIVE = validator_set(1, 2, 3, 5)
OTHERS = validator_set(1, 2, 6, 5)


@pytest.fixture
def hub() -> FakeChain:
    return FakeChain(HUB)


@pytest.fixture
def leg() -> FakeChain:
    return FakeChain(LEG)


@pytest.fixture
def relayer() -> Relayer:
    return Relayer()


# --- announce again -----------------------------------------------------------------------------


def test_a_fact_in_a_receipt_too_large_to_prove_is_announced_again(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.opened(ID, TRADE)
    leg.proof_bytes[leg.held(ID, TRADE)] = 5_000
    assert summary(relayer.step(look(hub, leg))) == [("announce", LEG, ID)]
    height = leg.block(leg.say(Status.HELD, ID))
    assert summary(relayer.step(look(hub, leg))) == [
        ("update", HUB, LEG, height),
        ("prove", HUB, ID, LEG, height, Status.HELD),
    ]


def test_it_is_announced_once_and_not_with_every_step(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.opened(ID, TRADE)
    leg.proof_bytes[leg.held(ID, TRADE)] = 5_000
    relayer.step(look(hub, leg))
    hub.block(hub.say(Status.OPEN, ID))
    assert relayer.step(look(hub, leg)) == ()


def test_a_bloated_repetition_does_not_take_the_place_of_a_good_announcement(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    good = leg.held(ID, TRADE)
    leg.proof_bytes[leg.block(leg.say(Status.HELD, ID))] = 5_000
    hub.opened(ID, TRADE)
    assert summary(relayer.step(look(hub, leg)))[-1][4] == good


def test_a_bloated_repetition_does_not_take_the_place_of_the_one_asked_for(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.opened(ID, TRADE)
    leg.proof_bytes[leg.held(ID, TRADE)] = 5_000
    relayer.step(look(hub, leg))
    leg.proof_bytes[leg.block(leg.say(Status.HELD, ID))] = 5_000
    good = leg.block(leg.say(Status.HELD, ID))
    assert summary(relayer.step(look(hub, leg)))[-1][4] == good


def test_a_fact_below_what_the_client_trusts_is_announced_again(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    leg.held(ID, TRADE)
    leg.rotate(FIVE)
    changed = leg.block()
    hub.block(clients=[(LEG, ValidatorsChanged(changed))])
    hub.opened(ID, TRADE)
    assert summary(relayer.step(look(hub, leg))) == [("announce", LEG, ID)]


def test_a_fact_below_it_is_still_proven_when_its_header_is_known(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    held = leg.held(ID, TRADE)
    leg.rotate(FIVE)
    changed = leg.block()
    known = [(LEG, HeaderAccepted(held, b"")), (LEG, HeaderAccepted(changed, b""))]
    hub.block(Opened(ID, TRADE), clients=known)
    assert [line[0] for line in summary(relayer.step(look(hub, leg)))] == ["prove"]


# --- set changes --------------------------------------------------------------------------------


def test_every_set_change_is_carried_in_order_with_the_set_before_it(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    before = leg.validators.addresses
    leg.rotate(FIVE)
    first = leg.block()
    leg.block()
    leg.rotate(OTHERS)
    second = leg.block()
    updates = [e for e in relayer.step(look(hub, leg)) if isinstance(e, UpdateClient)]
    assert [(u.header.height, u.header.trusted_validators) for u in updates] == [
        (first, before),
        (second, FIVE.addresses),
    ]


def test_a_fact_from_before_a_set_change_goes_before_it(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.opened(ID, TRADE)
    held = leg.held(ID, TRADE)
    leg.rotate(FIVE)
    changed = leg.block()
    assert summary(relayer.step(look(hub, leg)))[:2] == [
        ("update", HUB, LEG, held),
        ("update", HUB, LEG, changed),
    ]


def test_a_set_change_that_a_stranger_has_carried_is_not_carried_again(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    leg.rotate(FIVE)
    changed = leg.block()
    hub.block(clients=[(LEG, HeaderAccepted(changed, b""))])
    assert relayer.step(look(hub, leg, is_whole=True)) == ()


# --- trying again -------------------------------------------------------------------------------


def failing(relayer: Relayer, hub: FakeChain, leg: FakeChain, reason: str, now_s: int) -> list[str]:
    """Let everything on the hub's chain fail; what is sent at ``now_s``, in brief."""
    sent = relayer.step(look(hub, leg, now_s=now_s))
    hub.end(*(e for e in sent if isinstance(e, UpdateClient | Prove)), reason=reason)
    return [str(line[0]) for line in summary(sent)]


def test_what_failed_is_sent_again_after_a_growing_wait(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.opened(ID, TRADE)
    leg.held(ID, TRADE)
    sent_at = [s for s in range(20) if failing(relayer, hub, leg, "out of luck", 1_000 + s)]
    assert sent_at == [0, 2, 5, 10, 19]


def test_what_was_lost_is_sent_again(relayer: Relayer, hub: FakeChain, leg: FakeChain) -> None:
    hub.opened(ID, TRADE)
    leg.held(ID, TRADE)
    assert failing(relayer, hub, leg, LOST, 1_000) == ["update", "prove"]
    assert failing(relayer, hub, leg, LOST, 1_001) == []
    assert failing(relayer, hub, leg, LOST, 1_002) == ["update", "prove"]


def test_what_always_fails_is_given_up_and_reported(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.opened(ID, TRADE)
    leg.held(ID, TRADE)
    told = [failing(relayer, hub, leg, "out of luck", 1_000 + s) for s in range(600)]
    assert sum("prove" in line for line in told) == FAILURES_MAX + 1
    assert told[-1] == []
    assert sum(line.count("report") for line in told) >= 1


def test_what_succeeded_is_not_sent_again(relayer: Relayer, hub: FakeChain, leg: FakeChain) -> None:
    hub.opened(ID, TRADE)
    height = leg.held(ID, TRADE)
    sent = relayer.step(look(hub, leg))
    hub.end(*(e for e in sent if isinstance(e, UpdateClient | Prove)))
    hub.block(hub.say(Status.OPEN, ID), clients=[(LEG, HeaderAccepted(height, b""))])
    assert relayer.step(look(hub, leg, now_s=1_500)) == ()


def test_the_wait_doubles_up_to_a_bound() -> None:
    waits = [retry_after_s("out of luck", n) for n in range(1, FAILURES_MAX + 2)]
    assert waits == [1, 2, 4, 8, 16, 32, BACKOFF_MAX_S, BACKOFF_MAX_S, None]


def test_what_was_lost_is_never_given_up() -> None:
    assert retry_after_s(LOST, 1_000) == BACKOFF_MAX_S


def test_what_a_contract_calls_a_contradiction_is_never_tried_again() -> None:
    assert retry_after_s("legs: contradicts the decision", 1) is None


# --- what is wrong ------------------------------------------------------------------------------


def test_a_contradiction_between_chains_is_reported(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    leg.held(ID, TRADE)
    hub.block(Opened(ID, TRADE), hub.say(Status.ABORTED, ID))
    relayer.step(look(hub, leg))
    leg.block(Executed(ID, 0))
    assert summary(relayer.step(look(hub, leg))) == [("report", LEG, ID)]


def test_a_second_decision_is_reported(relayer: Relayer, hub: FakeChain, leg: FakeChain) -> None:
    hub.block(Opened(ID, TRADE), hub.say(Status.ABORTED, ID))
    relayer.step(look(hub, leg))
    hub.block(hub.say(Status.COMMITTED, ID))
    assert ("report", HUB, ID) in summary(relayer.step(look(hub, leg)))


def test_a_frozen_client_is_reported_once_and_sent_nothing_more(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.block(Opened(ID, TRADE), clients=[(LEG, Frozen(1)), (LEG, Frozen(1))])
    leg.held(ID, TRADE)
    assert summary(relayer.step(look(hub, leg))) == [("report", HUB, b"")]
    leg.block(leg.say(Status.HELD, ID))
    assert relayer.step(look(hub, leg)) == ()
