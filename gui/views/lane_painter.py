"""A lane around its blocks: ground, name, the line that joins the blocks; and the legend."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.i18n import tr
from gui.theme import current_theme
from gui.views import block_tile, grid, label, state_mark
from gui.views.lane_layout import LaneLayout, head_words


def paint_ground(painter: QPainter, layout: LaneLayout, index: int) -> None:
    """Draw the lane's ground and its identity bar."""
    theme, unit, hue = current_theme(), layout.unit, layout.lanes[index].hue
    area = layout.lane(index)
    painter.setPen(QPen(theme.hue_fill(hue, 0.18), 1))
    painter.setBrush(theme.hue_fill(hue, 0.06))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), unit, unit)
    bar = QRectF(area.left(), area.top() + unit, unit / 2, area.height() - 2 * unit)
    painter.fillRect(grid.pixel_aligned(bar), theme.hue(hue))


def paint_head(painter: QPainter, layout: LaneLayout, index: int) -> None:
    """Draw the chain's name, what it is, and its height."""
    theme, lane, unit = current_theme(), layout.lanes[index], layout.unit
    line = layout.head(index)
    line.setHeight(3.5 * unit)
    label.paint(painter, line, lane.title, grid.title(), theme.text)
    line.translate(0, 3.25 * unit)
    line.setHeight(2.5 * unit)
    label.paint(painter, line, lane.subtitle, grid.small(), theme.muted)
    line.translate(0, 2.5 * unit)
    label.paint(painter, line, head_words(lane), grid.small(bold=True), theme.hue(lane.hue))


def paint_rail(painter: QPainter, layout: LaneLayout, index: int) -> None:
    """Draw the line through the visible blocks: solid as far as the chain is final."""
    lane, seen = layout.lanes[index], layout.visible_tiles(index)
    if not seen or not lane.tiles:
        return
    colour = current_theme().hue_fill(lane.hue, 0.5)
    area = layout.lane(index)
    middle, right = area.center().y(), area.right() - layout.unit / 2
    final = [n for n in seen if n < len(lane.tiles) and lane.tiles[n].is_final]
    left = layout.tile(index, seen.start).left() - layout.unit / 2
    border = layout.tile(index, final[-1]).right() if final else left
    painter.setPen(QPen(colour, 1.5))
    painter.drawLine(QPointF(left, middle), QPointF(border, middle))
    painter.setPen(state_mark.styled(QPen(colour, 1.5), (3, 3)))
    painter.drawLine(QPointF(border, middle), QPointF(right, middle))


def legend() -> tuple[tuple[str, bool, bool], ...]:
    """The words for each kind of box: text, final, ghost."""
    return (
        (tr("final"), True, False),
        (tr("not final yet"), False, False),
        (tr("undone by a reorganisation"), False, True),
    )


def paint_legend(painter: QPainter, layout: LaneLayout, note: str = "") -> None:
    """Draw a small box of each kind and say what it means; a note stands at the right."""
    area, unit, face = layout.foot(), layout.unit, grid.small()
    if area.height() == 0:
        return
    theme = current_theme()
    muted = QColor(theme.muted)
    left = area.left()
    for text, is_final, is_ghost in legend():
        box = QRectF(left, area.center().y() - unit, 2.5 * unit, 1.75 * unit)
        width = label.width(text, face)
        if box.right() + unit + width > area.right():
            return
        fill = QColor(theme.border if is_final else theme.surface)
        box = grid.pixel_aligned(box)
        block_tile.frame(painter, box, muted, fill, is_final=is_final, is_ghost=is_ghost)
        words = QRectF(box.right() + 0.75 * unit, area.top(), width, area.height())
        label.paint(painter, words, text, face, muted)
        left = words.right() + 2 * unit
    text = tr("bars: transactions")
    rest = QRectF(left, area.top(), area.right() - left, area.height())
    width = label.width(text, face)
    if width <= rest.width():
        block_tile.paint_bars(painter, rest, 2, muted)
        words = rest.adjusted(2.25 * unit, 0, 0, 0)
        label.paint(painter, words, text, face, muted)
        rest.setLeft(words.left() + width + 2 * unit)
    if note and label.width(note, face) <= rest.width():
        label.paint(painter, rest, note, face, muted, label.RIGHT)
