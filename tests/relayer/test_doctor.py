"""A lost outbox is rebuilt from the chains, entry for entry."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from bridge import doctor
from bridge.doctor import rebuild
from bridge.errors import OutboxFault
from bridge.outbox import Entry, Outbox, State
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import RELAYER
from tests.relayer.test_kill_points import watched
from tests.support.runs import PVP, ended_well, leg, scenario, trade

REVERSED = trade(leg("london", "bob", "alice", "5.00"), leg("shanghai", "alice", "bob", "6.00"))


def rebuilt(testbed: Testbed, account_of: str = RELAYER) -> Outbox:
    outbox = Outbox()
    rebuild(outbox, testbed.world.accounts[account_of].address, watched(testbed))
    return outbox


def by_nonce(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.chain_id, entry.nonce))


def test_after_a_run_the_rebuilt_outbox_is_the_lost_one() -> None:
    testbed = Testbed.from_scenario(scenario(PVP, REVERSED))
    testbed.run()
    lost = testbed.outboxes[RELAYER].entries()
    assert len(lost) >= 8
    assert by_nonce(rebuilt(testbed).entries()) == by_nonce(lost)


def test_in_mid_run_what_is_on_its_way_is_open() -> None:
    testbed = Testbed.from_scenario(scenario(PVP, finality_lag=2))
    while not testbed.outboxes[RELAYER].open_entries():
        testbed.step()
    lost = testbed.outboxes[RELAYER].open_entries()
    found = rebuilt(testbed).open_entries()
    assert [e.tx_hash for e in by_nonce(found)] == [e.tx_hash for e in by_nonce(lost)]
    assert {entry.state for entry in found} == {State.SUBMITTED}


def test_a_relayer_goes_on_from_what_was_rebuilt() -> None:
    testbed = Testbed.from_scenario(scenario(PVP, finality_lag=2))
    while not testbed.outboxes[RELAYER].open_entries():
        testbed.step()
    testbed.outboxes[RELAYER] = rebuilt(testbed)
    testbed.restart_relayer()
    testbed.run()
    assert ended_well(testbed)
    assert len(testbed.outboxes[RELAYER].entries()) == 4  # nothing was sent beside itself


def test_of_what_has_ended_the_newest_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    testbed = Testbed.from_scenario(scenario(PVP, REVERSED))
    testbed.run()
    monkeypatch.setattr(doctor, "ENDED_KEPT", 3)
    everything = testbed.outboxes[RELAYER].entries()
    assert set(rebuilt(testbed).entries()) <= set(everything[-5:])


def test_calls_that_a_relayer_does_not_make_are_none_of_an_outbox() -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    testbed.run()
    assert rebuilt(testbed, "alice").entries() == ()
    assert rebuilt(testbed, "operator").entries() == ()


def test_an_outbox_with_something_in_it_is_not_rebuilt() -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    testbed.run()
    account = testbed.world.accounts[RELAYER].address
    with pytest.raises(OutboxFault) as caught:
        rebuild(testbed.outboxes[RELAYER], account, watched(testbed))
    assert caught.value.code == "E-ENVIRONMENT-OUTBOX-NOT-EMPTY"
