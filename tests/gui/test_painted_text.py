from __future__ import annotations

from PySide6.QtCore import QRectF

from gui.views import grid, label
from tests.support.painted_text import Written, clipped, measured, overlapping

PAGE = QRectF(0, 0, 200, 40)


def at(x: float, y: float, width: float = 150, height: float = 20) -> Written:
    return measured(QRectF(x, y, width, height), "some words", grid.body(), label.LEFT)


def test_text_inside_its_place_is_not_clipped() -> None:
    assert clipped([at(0, 0), at(0, 20)], PAGE) == []


def test_text_over_the_edge_or_higher_than_its_place_is_clipped() -> None:
    assert len(clipped([at(180, 0), at(0, 35), at(0, 0, height=8)], PAGE)) == 3


def test_text_beside_text_does_not_overlap() -> None:
    assert overlapping([at(0, 0), at(0, 20)]) == []


def test_text_on_text_overlaps() -> None:
    assert overlapping([at(0, 0), at(10, 4)]) == [("some words", "some words")]


def test_text_without_room_is_shortened_in_the_middle() -> None:
    assert at(0, 0).is_whole
    narrow = at(0, 0, width=50)
    assert not narrow.is_whole
    assert narrow.shown[0] == "s"
    assert narrow.shown[-1] == "s"
