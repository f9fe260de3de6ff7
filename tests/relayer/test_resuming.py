"""What an earlier life has on its way is waited for; one trade's evidence never stops another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.contract_logs import Opened
from bridge.errands import AnnounceErrand, Errand, ProveErrand, UpdateErrand
from bridge.errors import ProofError
from bridge.model import ChainId, Status, TradeId
from bridge.relay_view import Ended, Prove, Report, View
from bridge.relayer import Relayer
from bridge.retries import FAILURES_MAX
from tests.bridge.test_relayer import said_by
from tests.support.relayed_chains import HUB, LEG, FakeChain, look, trade_over

ID, OTHER = TradeId(b"\x11" * 32), TradeId(b"\x22" * 32)
TRADE = trade_over(HUB, LEG)
PROVING = ProveErrand(HUB, LEG, 1, ((ID, Status.HELD),))
UPDATING = UpdateErrand(HUB, LEG, 1)


@pytest.fixture
def hub() -> FakeChain:
    return FakeChain(HUB)


@pytest.fixture
def leg() -> FakeChain:
    return FakeChain(LEG)


def resuming(view: View, chain: ChainId, *errands: Errand) -> View:
    """The same with calls of an earlier life on a chain."""
    chains = (replace(c, resumed=errands) if c.chain_id == chain else c for c in view.chains)
    return replace(view, chains=tuple(chains))


def in_flight(hub: FakeChain, leg: FakeChain) -> View:
    hub.opened(ID, TRADE)
    leg.held(ID, TRADE)
    return look(hub, leg)


def test_what_is_on_its_way_is_not_sent_beside_itself(hub: FakeChain, leg: FakeChain) -> None:
    view = in_flight(hub, leg)
    assert Relayer().step(resuming(view, HUB, UPDATING, PROVING)) == ()
    assert len(Relayer().step(view)) == 2


def test_a_resumed_call_that_failed_is_sent_again(hub: FakeChain, leg: FakeChain) -> None:
    relayer = Relayer()
    relayer.step(resuming(in_flight(hub, leg), HUB, UPDATING, PROVING))
    hub.ended = [Ended(UPDATING, False, "out of luck"), Ended(PROVING, False, "out of luck")]
    assert relayer.step(look(hub, leg, now_s=1_001)) == ()
    assert len(relayer.step(look(hub, leg, now_s=1_003))) == 2


def test_a_resumed_request_to_announce_is_not_repeated(hub: FakeChain, leg: FakeChain) -> None:
    hub.opened(ID, TRADE)
    leg.proof_bytes[leg.held(ID, TRADE)] = 5_000
    view = look(hub, leg)
    assert Relayer().step(resuming(view, LEG, AnnounceErrand(LEG, (ID,)))) == ()
    assert len(Relayer().step(view)) == 1


def test_a_resumed_call_for_a_finished_trade_is_of_no_interest(
    hub: FakeChain, leg: FakeChain
) -> None:
    relayer = Relayer()
    assert relayer.step(resuming(look(hub, leg), HUB, PROVING)) == ()
    assert relayer.open_trades == 0


# --- one trade's evidence -----------------------------------------------------------------------


class Poisoned(FakeChain):
    """A chain one of whose receipts nothing can be proven from."""

    poison: int | None = None

    def receipt_proof(self, height: int, tx_index: int) -> tuple[bytes, ...]:
        if height == self.poison:
            raise ProofError("E-PROOF-TRIE", "this receipt is not what its header says")
        return super().receipt_proof(height, tx_index)


def test_a_trade_whose_evidence_is_bad_stops_no_other(hub: FakeChain) -> None:
    leg, relayer = Poisoned(LEG), Relayer()
    hub.block(Opened(ID, TRADE), Opened(OTHER, TRADE))
    leg.poison = leg.held(ID, TRADE)
    leg.held(OTHER, TRADE)
    proofs = [e for e in relayer.step(look(hub, leg)) if isinstance(e, Prove)]
    assert [said_by(proof) for proof in proofs] == [((OTHER, Status.HELD),)]


def test_bad_evidence_is_looked_at_again_and_then_reported(hub: FakeChain) -> None:
    leg, relayer = Poisoned(LEG), Relayer()
    hub.opened(ID, TRADE)
    leg.poison = leg.held(ID, TRADE)
    said = [relayer.step(look(hub, leg, now_s=1_000 + s)) for s in range(600)]
    (report,) = [effect for effects in said for effect in effects]
    assert isinstance(report, Report)
    assert report.trade_id == ID
    assert "E-PROOF-TRIE" in report.detail


def test_evidence_that_turns_good_is_carried(hub: FakeChain) -> None:
    leg, relayer = Poisoned(LEG), Relayer()
    hub.opened(ID, TRADE)
    leg.poison = leg.held(ID, TRADE)
    assert relayer.step(look(hub, leg)) == ()
    leg.poison = None
    assert len(relayer.step(look(hub, leg, now_s=1_000 + FAILURES_MAX))) == 2
