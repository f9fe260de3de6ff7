"""The loop carries each fact once, in the right order, to the chains that wait for it."""

from __future__ import annotations

import pytest

from bridge.contract_logs import Executed, HeaderAccepted, Held, Opened, Released
from bridge.model import ChainId, Status, TradeId
from bridge.relay_view import Announce, Effect, Prove, Report, UpdateClient
from bridge.relayer import Relayer
from tests.support.relayed_chains import DECIDE_BY_S, HUB, LEG, THIRD, FakeChain, look, trade_over

ID, OTHER = TradeId(b"\x11" * 32), TradeId(b"\x22" * 32)
TRADE = trade_over(HUB, LEG)


@pytest.fixture
def hub() -> FakeChain:
    return FakeChain(HUB)


@pytest.fixture
def leg() -> FakeChain:
    return FakeChain(LEG)


@pytest.fixture
def relayer() -> Relayer:
    return Relayer()


def said_by(proof: Prove) -> tuple[tuple[TradeId, Status], ...]:
    """What a call proves, trade by trade."""
    return tuple((proof.packet.ids[i], proof.packet.statuses[i]) for i in proof.indices)


def summary(effects: tuple[Effect, ...]) -> list[tuple[object, ...]]:
    """Effects in brief: kind, where it goes, and what of."""
    brief: list[tuple[object, ...]] = []
    for effect in effects:
        match effect:
            case UpdateClient(chain, header):
                brief.append(("update", chain, header.chain_id, header.height))
            case Prove(chain, packet):
                source = packet.source
                for trade_id, status in said_by(effect):
                    brief.append(("prove", chain, trade_id, source.chain_id, source.height, status))
            case Announce(chain, trade_ids):
                brief += [("announce", chain, trade_id) for trade_id in trade_ids]
            case Report(chain, trade_id):
                brief.append(("report", chain, trade_id))
    return brief


def test_nothing_happens_while_nothing_is_announced(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    assert relayer.step(look(hub, leg)) == ()


def test_a_held_leg_is_proven_to_the_hub_right_after_its_header(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.opened(ID, TRADE)
    height = leg.held(ID, TRADE)
    assert summary(relayer.step(look(hub, leg))) == [
        ("update", HUB, LEG, height),
        ("prove", HUB, ID, LEG, height, Status.HELD),
    ]


def test_a_held_leg_waits_until_the_hub_is_open(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    height = leg.held(ID, TRADE)
    assert relayer.step(look(hub, leg)) == ()
    hub.opened(ID, TRADE)
    assert ("prove", HUB, ID, LEG, height, Status.HELD) in summary(relayer.step(look(hub, leg)))


def test_a_held_leg_is_not_carried_past_the_deadline(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.opened(ID, TRADE)
    leg.held(ID, TRADE)
    assert relayer.step(look(hub, leg, now_s=DECIDE_BY_S + 1)) == ()


def test_what_is_on_its_way_is_not_sent_again(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.opened(ID, TRADE)
    leg.held(ID, TRADE)
    relayer.step(look(hub, leg))
    hub.block(hub.say(Status.OPEN, ID))
    assert relayer.step(look(hub, leg)) == ()


@pytest.mark.parametrize("decision", [Status.COMMITTED, Status.ABORTED])
def test_a_decision_is_proven_to_every_chain_that_holds(
    relayer: Relayer, hub: FakeChain, leg: FakeChain, decision: Status
) -> None:
    third = FakeChain(THIRD)
    trade = trade_over(HUB, LEG, THIRD)
    leg.held(ID, trade)
    third.held(ID, trade)
    height = hub.block(Opened(ID, trade), hub.say(decision, ID))
    assert summary(relayer.step(look(hub, leg, third))) == [
        ("update", LEG, HUB, height),
        ("update", THIRD, HUB, height),
        ("prove", LEG, ID, HUB, height, decision),
        ("prove", THIRD, ID, HUB, height, decision),
    ]


def test_an_abort_is_proven_even_where_nothing_is_held_yet(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.block(Opened(ID, TRADE), hub.say(Status.ABORTED, ID))
    kinds = [line[:2] for line in summary(relayer.step(look(hub, leg)))]
    assert kinds == [("update", LEG), ("prove", LEG)]


def test_an_abort_is_not_proven_where_nothing_can_be_held_any_more(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    leg.now_s = TRADE.prepare_by_s + 1
    leg.block()
    hub.block(Opened(ID, TRADE), hub.say(Status.ABORTED, ID))
    assert relayer.step(look(hub, leg, now_s=DECIDE_BY_S + 2)) == ()
    assert relayer.open_trades == 0


def test_an_abort_waits_for_a_hold_that_may_still_become_final(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.block(Opened(ID, TRADE), hub.say(Status.ABORTED, ID))
    assert relayer.step(look(hub, leg, now_s=DECIDE_BY_S + 2)) == ()
    assert relayer.open_trades == 1
    leg.held(ID, TRADE)
    kinds = [line[:2] for line in summary(relayer.step(look(hub, leg, now_s=DECIDE_BY_S + 3)))]
    assert kinds == [("update", LEG), ("prove", LEG)]


def test_an_aborted_trade_is_forgotten_once_no_hold_can_come(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.block(Opened(ID, TRADE), hub.say(Status.ABORTED, ID))
    relayer.step(look(hub, leg, now_s=DECIDE_BY_S + 2))
    leg.now_s = TRADE.prepare_by_s + 1
    leg.block()
    assert relayer.step(look(hub, leg, now_s=DECIDE_BY_S + 3)) == ()
    assert relayer.open_trades == 0


def test_a_refusal_is_proven_to_the_hub(relayer: Relayer, hub: FakeChain, leg: FakeChain) -> None:
    hub.opened(ID, TRADE)
    height = leg.block(leg.say(Status.REFUSED, ID))
    assert summary(relayer.step(look(hub, leg)))[-1] == (
        *("prove", HUB, ID, LEG, height, Status.REFUSED),
    )


def test_a_refusal_waits_for_somebody_to_emit_the_terms(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    height = leg.block(leg.say(Status.REFUSED, ID))
    assert relayer.step(look(hub, leg)) == ()
    hub.opened(ID, TRADE)
    assert summary(relayer.step(look(hub, leg)))[-1] == (
        *("prove", HUB, ID, LEG, height, Status.REFUSED),
    )


def test_an_objection_is_carried_in_place_of_the_hold(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.opened(ID, TRADE)
    leg.held(ID, TRADE)
    leg.block(leg.say(Status.OBJECTED, ID))
    proven = [line[-1] for line in summary(relayer.step(look(hub, leg))) if line[0] == "prove"]
    assert proven == [Status.OBJECTED]


def test_one_header_serves_every_trade_of_its_block(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.block(Opened(ID, TRADE), Opened(OTHER, TRADE))
    both = leg.say(Status.HELD, ID, OTHER)
    leg.block(Held(ID, TRADE), Held(OTHER, TRADE), both)
    kinds = [line[0] for line in summary(relayer.step(look(hub, leg)))]
    assert kinds.count("update") == 1
    assert kinds.count("prove") == 2


def test_a_header_that_a_stranger_has_shown_is_not_shown_again(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    height = leg.held(ID, TRADE)
    hub.block(Opened(ID, TRADE), clients=[(LEG, HeaderAccepted(height, b""))])
    assert [line[0] for line in summary(relayer.step(look(hub, leg)))] == ["prove"]


def test_a_finished_trade_is_forgotten(relayer: Relayer, hub: FakeChain, leg: FakeChain) -> None:
    leg.held(ID, TRADE)
    hub.block(Opened(ID, TRADE), hub.say(Status.COMMITTED, ID))
    relayer.step(look(hub, leg))
    assert relayer.open_trades == 1
    leg.block(Executed(ID, 0))
    assert relayer.step(look(hub, leg)) == ()
    assert relayer.open_trades == 0


def test_a_trade_without_foreign_legs_is_finished_when_it_is_decided(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    hub.block(Opened(ID, trade_over(HUB, HUB)), hub.say(Status.COMMITTED, ID))
    assert relayer.step(look(hub, leg)) == ()
    assert relayer.open_trades == 0


def test_a_new_relayer_finds_nothing_to_do_where_all_is_done(
    hub: FakeChain, leg: FakeChain
) -> None:
    leg.held(ID, TRADE)
    hub.block(Opened(ID, TRADE), hub.say(Status.ABORTED, ID))
    leg.block(Released(ID, 0))
    assert Relayer().step(look(hub, leg, is_whole=True)) == ()


def test_a_new_relayer_goes_on_where_the_old_one_stopped(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    leg.held(ID, TRADE)
    hub.opened(ID, TRADE)
    first = relayer.step(look(hub, leg))
    assert Relayer().step(look(hub, leg, is_whole=True)) == first


def test_a_relayer_carries_between_the_chains_of_a_trade_only(
    relayer: Relayer, hub: FakeChain, leg: FakeChain
) -> None:
    third = FakeChain(THIRD)
    leg.held(ID, TRADE)
    hub.opened(ID, TRADE)
    touched = {line[1] for line in summary(relayer.step(look(hub, leg, third)))}
    assert touched == {ChainId(HUB)}
