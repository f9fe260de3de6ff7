from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from gui.models.scene import PacketInFlight
from gui.views.lanes import LanesView
from gui.views.packet_route import PacketRoute
from gui.views.packet_tracks import Travel, keyed
from tests.support.painted_scenes import lane, network, packet
from tests.support.painted_text import written_by
from tests.support.shown_lanes import shown


@pytest.mark.parametrize(("source", "destination"), [(0, 1), (1, 0), (0, 2), (2, 0), (2, 1)])
def test_a_packet_travels_from_lane_to_lane_and_never_covers_a_block(
    qtbot: QtBot, source: int, destination: int
) -> None:
    view = shown(qtbot, network(lane(0, 8), lane(1, 8), lane(2, 8)), 860, 500)
    lanes = [view.layout_now.lane(n) for n in range(3)]
    tops = []
    for percent in range(101):
        area = pill_of(view, packet(source, destination, percent / 100))
        assert not any(area.intersects(lane_area) for lane_area in lanes)
        assert not area.intersects(view.layout_now.card())
        tops.append(area.top())
    assert tops == sorted(tops, reverse=source > destination)
    assert tops[0] != tops[-1]


def pill_of(view: LanesView, moving: PacketInFlight) -> QRectF:
    route = PacketRoute.of(view.layout_now, Travel(next(iter(keyed((moving,)))), moving, 0))
    assert route is not None
    return route.pill()


def test_a_packet_of_a_chain_without_a_lane_is_not_drawn(qtbot: QtBot) -> None:
    view = shown(qtbot, network(lane(0, 3), lane(1, 3), packets=(packet(0, 2),)))
    assert "HELD DVP0001" not in [each.text for each in written_by(view.viewport())]


def test_packets_that_find_no_room_are_counted(qtbot: QtBot) -> None:
    packets = tuple(packet(label=f"HELD {n}") for n in range(9))
    view = shown(qtbot, network(lane(0, 3), lane(1, 3), packets=packets))
    texts = [each.text for each in written_by(view.viewport())]
    drawn = sum(text.startswith("HELD") for text in texts)
    assert 0 < drawn < 9
    assert f"{9 - drawn} more packets on their way" in texts
