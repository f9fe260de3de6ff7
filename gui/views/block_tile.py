"""A block: solid when it is final, dashed while it is not, struck through when it was undone."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.i18n import tr
from gui.models.scene import BlockTile, LaneScene
from gui.theme import current_theme
from gui.views import grid, label, state_mark

MOST_BARS: Final = 6
"""A block of more transactions gets fewer bars and their number."""
_DASHED: Final = (4, 2.5)
_DOTTED: Final = (1.5, 2.5)


def paint(
    painter: QPainter, area: QRectF, tile: BlockTile, hue: int, *, is_selected: bool = False
) -> None:
    """Draw a block with its height, its hash and a bar for each transaction."""
    theme, unit = current_theme(), grid.unit()
    colour = QColor(theme.muted) if tile.is_ghost else theme.hue(hue)
    fill = theme.hue_fill(hue, 0.2) if tile.is_final else QColor(theme.surface)
    frame(painter, area, colour, fill, is_final=tile.is_final, is_ghost=tile.is_ghost)
    ink = theme.muted if tile.is_ghost else theme.text
    box = area.adjusted(unit, unit / 2, -unit / 2, -unit / 2)
    height_face = grid.body(bold=True)
    height_face.setStrikeOut(tile.is_ghost)
    line = QRectF(box.left(), box.top(), box.width(), 2.5 * unit)
    label.paint(painter, line, f"{tile.height:,}", height_face, ink)
    line.translate(0, 2.25 * unit)
    label.paint(painter, line, tile.hash_short, grid.code(), theme.muted)
    line.translate(0, 2.25 * unit)
    paint_bars(painter, line, tile.tx_count, colour)
    if is_selected:
        ring(painter, area)


def frame(
    painter: QPainter,
    area: QRectF,
    colour: QColor,
    fill: QColor,
    *,
    is_final: bool,
    is_ghost: bool = False,
) -> None:
    """Draw what tells finality: a full and solid box, an empty dashed one, a struck dotted one."""
    dashes = () if is_final else (_DOTTED if is_ghost else _DASHED)
    painter.setPen(state_mark.styled(QPen(colour, 1.5), dashes))
    painter.setBrush(fill)
    corner = min(0.75 * grid.unit(), area.height() / 4)
    box = area.adjusted(1, 1, -1, -1)
    painter.drawRoundedRect(box, corner, corner)
    if is_ghost:
        painter.setPen(QPen(colour, 1))
        inner = box.adjusted(corner, corner, -corner, -corner)
        painter.drawLine(inner.bottomLeft(), inner.topRight())


def ring(painter: QPainter, area: QRectF) -> None:
    """Draw the frame around what is selected."""
    painter.setPen(QPen(QColor(current_theme().accent), 2.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    corner = grid.unit()
    painter.drawRoundedRect(area.adjusted(-2, -2, 2, 2), corner, corner)


def paint_bars(painter: QPainter, area: QRectF, count: int, colour: QColor) -> None:
    """Draw a bar for each transaction, or the word for none."""
    if count == 0:
        label.paint(painter, area, tr("empty"), grid.small(), current_theme().muted)
        return
    unit = grid.unit()
    bars = count if count <= MOST_BARS else 3
    for index in range(bars):
        bar = QRectF(area.left() + index * unit, area.center().y() - unit / 2, unit / 2, unit)
        painter.fillRect(grid.pixel_aligned(bar), colour)
    if count > bars:
        rest = area.adjusted(bars * unit, 0, 0, 0)
        label.paint(painter, rest, f"+{count - bars:,}", grid.small(bold=True), colour)


def words(tile: BlockTile, lane: LaneScene) -> str:
    """A block for the ear: chain, height, finality, transactions."""
    if tile.is_ghost:
        finality = tr("undone by a reorganisation")
    else:
        finality = tr("final") if tile.is_final else tr("not final yet")
    return tr(
        "{chain} block {height}, {finality}, {transactions}",
        chain=lane.title,
        height=tile.height,
        finality=finality,
        transactions=_transactions(tile.tx_count),
    )


def _transactions(count: int) -> str:
    match count:
        case 0:
            return tr("no transactions")
        case 1:
            return tr("1 transaction")
        case _:
            return tr("{count} transactions", count=count)
