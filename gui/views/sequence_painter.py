"""A sequence diagram on any painter: screen, picture or paper."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.models.scene import Actor, Message, SequenceScene, StepState
from gui.theme import current_theme, mixed
from gui.views import grid, label, pill, state_mark
from gui.views.sequence_layout import SequenceLayout


def paint_whole(painter: QPainter, scene: SequenceScene, width: float) -> float:
    """Draw everything at once, as for a page, and tell how high it is."""
    layout = SequenceLayout.of(scene, width)
    paint_heads(painter, layout)
    painter.save()
    painter.translate(0, layout.heads_height)
    paint_rows(painter, layout, QRectF(0, 0, layout.width, layout.rows_height))
    painter.restore()
    return layout.heads_height + layout.rows_height


def paint_heads(painter: QPainter, layout: SequenceLayout) -> None:
    """Draw who takes part, from left to right."""
    for actor in layout.scene.actors:
        head = layout.head(actor.key)
        stub = QRectF(0, head.bottom(), layout.width, layout.heads_height - head.bottom())
        _paint_lifeline(painter, layout, actor, stub)
        _paint_head(painter, layout, actor)


def paint_rows(painter: QPainter, layout: SequenceLayout, seen: QRectF) -> None:
    """Draw the rows that can be seen; ``seen`` is in the layout's coordinates."""
    paint_ground(painter, layout, seen)
    for actor in layout.scene.actors:
        _paint_lifeline(painter, layout, actor, seen)
    _paint_marker(painter, layout, seen)
    for index, message in enumerate(layout.scene.messages):
        if layout.row(message.row).intersects(seen):
            _paint_message(painter, layout, index, message)


def paint_ground(painter: QPainter, layout: SequenceLayout, area: QRectF) -> None:
    """Draw what everything stands on: after the point of finality it is tinted."""
    painter.fillRect(area, QColor(current_theme().surface))
    band = layout.marker()
    if band is not None and band.center().y() < area.bottom():
        below = area.adjusted(0, max(0.0, band.center().y() - area.top()), 0, 0)
        painter.fillRect(below, _ground_at(layout, area.bottom()))


def paint_times(painter: QPainter, layout: SequenceLayout, seen: QRectF) -> None:
    """Draw when each row happened; what is still to come has no time."""
    times = {message.row: message.time for message in layout.scene.messages if message.time}
    for row, time in times.items():
        if layout.row(row).intersects(seen):
            muted = current_theme().muted
            label.paint(painter, layout.time(row), time, grid.small(), muted, label.RIGHT)


def _paint_head(painter: QPainter, layout: SequenceLayout, actor: Actor) -> None:
    theme, unit, area = current_theme(), layout.unit, layout.head(actor.key)
    is_chain = actor.hue is not None
    colour = theme.hue(actor.hue) if actor.hue is not None else QColor(theme.muted)
    fill = theme.hue_fill(actor.hue) if actor.hue is not None else QColor(theme.surface_alt)
    painter.setPen(QPen(colour, 1.5 if is_chain else 1))
    painter.setBrush(fill)
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 0.75 * unit, 0.75 * unit)
    line = area.adjusted(unit / 2, unit / 4, -unit / 2, 0)
    line.setHeight(2.5 * unit)
    label.paint(painter, line, actor.title, grid.body(bold=True), theme.text, label.CENTRE)
    if layout.is_low:
        return
    line.translate(0, 2.25 * unit)
    line.setHeight(2 * unit)
    label.paint(painter, line, actor.subtitle, grid.small(), theme.muted, label.CENTRE)


def _paint_lifeline(painter: QPainter, layout: SequenceLayout, actor: Actor, seen: QRectF) -> None:
    theme, x = current_theme(), layout.x(actor.key) + 0.5
    colour = theme.hue_fill(actor.hue, 0.55) if actor.hue is not None else QColor(theme.border)
    painter.setPen(QPen(colour, 1))
    painter.drawLine(QPointF(x, seen.top()), QPointF(x, seen.bottom()))


def _paint_marker(painter: QPainter, layout: SequenceLayout, seen: QRectF) -> None:
    finality, band = layout.scene.finality, layout.marker()
    if finality is None or band is None or not band.intersects(seen):
        return
    theme, unit = current_theme(), layout.unit
    colour, middle = theme.state(finality.state), round(band.center().y())
    left, right = seen.left() + unit, seen.right() - unit
    face = grid.small(bold=True)
    width = min(state_mark.width(finality.text, face) + 3 * unit, right - left)
    plate = QRectF(right - width, band.top(), width, band.height())
    # A double line, as under a sum: nothing above it will change again.
    painter.setPen(QPen(colour, 2))
    for y in (middle - 2, middle + 2):
        painter.drawLine(QPointF(left, y), QPointF(plate.left(), y))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(plate, unit / 2, unit / 2)
    inside = plate.adjusted(1.25 * unit, 0, -1.25 * unit, 0)
    words = theme.surface
    state_mark.paint(painter, inside, finality.state, finality.text, face, words, words)


def _paint_message(painter: QPainter, layout: SequenceLayout, index: int, message: Message) -> None:
    area = layout.text(index)
    if message.source == message.target:
        pill.paint(painter, area, message.state, message.text)
        return
    theme = current_theme()
    is_pending = message.state is StepState.PENDING
    ground = _ground_at(layout, area.center().y())
    used = area.adjusted(0, 0.25 * layout.unit, 0, -0.25 * layout.unit)
    painter.fillRect(used, ground)
    state_mark.paint(
        painter,
        area,
        message.state,
        message.text,
        grid.small(bold=not is_pending),
        theme.muted if is_pending else theme.text,
    )
    _paint_arrow(painter, layout, message)


def _paint_arrow(painter: QPainter, layout: SequenceLayout, message: Message) -> None:
    unit, y = layout.unit, layout.arrow_y(message.row)
    start, end = layout.x(message.source) + 0.5, layout.x(message.target) + 0.5
    step = unit if end > start else -unit
    colour = current_theme().state(message.state)
    is_pending = message.state is StepState.PENDING
    painter.setPen(state_mark.pen(message.state, 1.0 if is_pending else 1.75))
    painter.drawLine(QPointF(start, y), QPointF(end - step, y))
    painter.setPen(QPen(colour, 1))
    # An open head is still to come.
    ground = _ground_at(layout, y)
    painter.setBrush(ground if is_pending else colour)
    back, half = end - 1.25 * step, unit / 2
    tip = QPointF(end - step / 8, y)
    painter.drawPolygon(QPolygonF([tip, QPointF(back, y - half), QPointF(back, y + half)]))


def _ground_at(layout: SequenceLayout, y: float) -> QColor:
    theme, finality, band = current_theme(), layout.scene.finality, layout.marker()
    if finality is not None and band is not None and y > band.center().y():
        return mixed(theme.states[finality.state], theme.surface, 0.06)
    return QColor(theme.surface)
