from __future__ import annotations

from pytestqt.qtbot import QtBot

from tests.support.painted_scenes import lane, network, packet
from tests.support.painted_text import written_by
from tests.support.shown_lanes import shown


def test_the_relayer_s_card_grows_with_its_words(qtbot: QtBot) -> None:
    lanes = (lane(0, 3), lane(1, 3))
    view = shown(qtbot, network(*lanes))
    view.show_scene(network(*lanes, word="waiting for the chain of the hub to go on"))
    assert all(each.is_whole for each in written_by(view.card))


def test_the_relayer_s_card_says_its_state_and_its_counts(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 3), lane(1, 3), packets=(packet(),), word="crashed"))
    described = view.card.accessibleDescription()
    assert described == "Relayer: crashed. 1 in flight, 116 delivered, 2 blocks behind."
    texts = [each.text for each in written_by(view.card)]
    assert texts == ["Relayer", "crashed", "1 in flight · 116 delivered · 2 blocks behind"]
    assert all(each.is_whole for each in written_by(view.card))
