"""What the relayer remembers follows the open trades, not the chains."""

from __future__ import annotations

import pytest

from bridge.contract_logs import Executed, HeaderAccepted, Held, Opened
from bridge.model import BATCH_MAX, Status, TradeId
from bridge.relay_book import ORPHANS_MAX, Orphans
from bridge.relay_case import Announcement
from bridge.relay_link import KNOWN_HEIGHTS_MAX, Link
from bridge.relay_view import Announce, Prove, UpdateClient
from bridge.relayer import Relayer
from tests.bridge.test_relayer import TRADE, said_by
from tests.support.relayed_chains import HUB, LEG, FakeChain, look
from tests.support.sealed_headers import validator_set

SAID = Announcement(LEG, 1, 0, 0, (), ())


def trade_ids(count: int) -> list[TradeId]:
    return [TradeId(number.to_bytes(32, "big")) for number in range(count)]


def test_finished_trades_leave_nothing_behind() -> None:
    hub, leg, relayer = FakeChain(HUB), FakeChain(LEG), Relayer()
    for trade_id in trade_ids(50):
        hub.opened(trade_id, TRADE)
        leg.held(trade_id, TRADE)
        relayer.step(look(hub, leg))
        hub.block(hub.say(Status.COMMITTED, trade_id))
        relayer.step(look(hub, leg))
        leg.block(Executed(trade_id, 0))
    relayer.step(look(hub, leg))
    assert relayer.open_trades == 0
    assert not relayer._book.due
    assert not relayer._book.announcing


def test_a_trade_is_to_be_looked_at_again_once_at_each_time() -> None:
    hub, leg, relayer = FakeChain(HUB), FakeChain(LEG), Relayer()
    (trade_id,) = trade_ids(1)
    hub.opened(trade_id, TRADE)
    after_s = TRADE.prepare_by_s + 1  # an abort is not carried now, but a hold may still be sealed
    for _ in range(5):
        hub.block(hub.say(Status.ABORTED, trade_id))
        relayer.step(look(hub, leg, now_s=after_s))
    assert relayer._alarms == [(after_s + 1, trade_id)]
    relayer.step(look(hub, leg, now_s=after_s + 1))
    assert relayer._alarms == [(after_s + 2, trade_id)]
    assert relayer._alarmed == set(relayer._alarms)


def test_a_step_looks_only_at_trades_with_news() -> None:
    hub, leg, relayer = FakeChain(HUB), FakeChain(LEG), Relayer()
    ids = trade_ids(500)
    hub.block(*(Opened(trade_id, TRADE) for trade_id in ids))
    leg.block(*(Held(trade_id, TRADE) for trade_id in ids))  # nothing announced: nothing to prove
    relayer.step(look(hub, leg))
    assert relayer.open_trades == 500
    leg.block(leg.say(Status.HELD, ids[7]))
    proofs = [e for e in relayer.step(look(hub, leg)) if isinstance(e, Prove)]
    assert [said_by(proof) for proof in proofs] == [((ids[7], Status.HELD),)]


def test_a_fresh_relayer_sends_each_header_once_for_all_open_trades() -> None:
    hub, leg = FakeChain(HUB), FakeChain(LEG)
    ids = trade_ids(32)
    hub.block(*(Opened(trade_id, TRADE) for trade_id in ids))
    leg.block(*(Held(trade_id, TRADE) for trade_id in ids), leg.say(Status.HELD, *ids))
    effects = Relayer().step(look(hub, leg, is_whole=True))
    (proof,) = [e for e in effects if isinstance(e, Prove)]
    assert proof.packet.source.height == 1
    assert [member.trade_id for member in proof.members] == ids
    assert [type(e) for e in effects] == [UpdateClient, Prove, Announce]


def test_announcements_without_terms_are_kept_for_the_newest_trades() -> None:
    orphans = Orphans()
    ids = trade_ids(ORPHANS_MAX + 1)
    for trade_id in ids:
        orphans.keep(trade_id, Status.REFUSED, SAID)
    assert orphans.claim(ids[0]) == []
    assert orphans.claim(ids[1]) == [(Status.REFUSED, SAID)]


@pytest.mark.parametrize("status", [Status.COMMITTED, Status.HELD, Status.OBJECTED])
def test_telling_of_ended_trades_again_pushes_out_nothing_that_waits(status: Status) -> None:
    """A stranger's 129 calls of announce would strand what is held for a trade that is dead."""
    hub, leg, relayer = FakeChain(HUB), FakeChain(LEG), Relayer()
    dead, *ended = trade_ids(1 + ORPHANS_MAX + BATCH_MAX)
    hub.block(hub.say(Status.ABORTED, dead))
    for first in range(0, len(ended), BATCH_MAX):
        hub.block(hub.say(status, *ended[first : first + BATCH_MAX]))
    relayer.step(look(hub, leg))
    leg.held(dead, TRADE)
    proofs = [e for e in relayer.step(look(hub, leg)) if isinstance(e, Prove)]
    assert [(proof.chain_id, said_by(proof)) for proof in proofs] == [
        (LEG, ((dead, Status.ABORTED),))
    ]


def test_the_same_status_is_kept_once() -> None:
    orphans = Orphans()
    for _ in range(3):
        orphans.keep(TradeId(bytes(32)), Status.REFUSED, SAID)
    assert orphans.claim(TradeId(bytes(32))) == [(Status.REFUSED, SAID)]


def test_headers_are_known_for_the_newest_heights() -> None:
    link = Link(LEG, HUB)
    for height in range(KNOWN_HEIGHTS_MAX + 1):
        link.accept(height)
    assert not link.knows(0)
    assert link.knows(1)


def test_a_set_change_that_was_accepted_is_not_waited_for_any_more() -> None:
    hub, leg, relayer = FakeChain(HUB), FakeChain(LEG), Relayer()
    for names in ((1, 2, 3, 5), (1, 2, 6, 5), (1, 7, 6, 5)):
        leg.rotate(validator_set(*names))
        height = leg.block()
        hub.block(clients=[(LEG, HeaderAccepted(height, b""))])
        relayer.step(look(hub, leg))
    assert not relayer._book.links[HUB, LEG].changes
