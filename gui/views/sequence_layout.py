"""Where lifelines, messages and the point of finality are: arithmetic on a width, no painting.

``y`` counts from below the heads, so heads can stay in sight while the rest scrolls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QRectF

from gui.models.scene import Actor, Message, SequenceScene
from gui.views import grid, label, pill, state_mark

ROW: Final = 4
"""How high a row is, in grid units."""
HEADS: Final = 7
"""How high the strip of heads is; lower when there is little room."""
LOW_HEADS: Final = 5
LEAST_COLUMN: Final = 13
"""How near two lifelines may come."""


@dataclass(frozen=True, slots=True)
class SequenceLayout:
    """The places of a sequence diagram at least as wide as its lifelines need."""

    scene: SequenceScene
    unit: int
    width: float
    times_width: float
    is_low: bool
    boxes: dict[int, QRectF]

    @classmethod
    def of(cls, scene: SequenceScene, width: float, *, is_low: bool = False) -> SequenceLayout:
        """Columns share the width, but never get narrower than readable."""
        unit, scene = grid.unit(), _with_all_actors(scene)
        times = max(
            (label.width(message.time, grid.small()) for message in scene.messages), default=0
        )
        times_width = max(6.0 * unit, times + 2 * unit)
        needed = times_width + len(scene.actors) * LEAST_COLUMN * unit + unit
        layout = cls(scene, unit, max(width, needed), times_width, is_low, {})
        layout.boxes.update(layout._text_boxes())
        return layout

    @property
    def heads_height(self) -> float:
        """What stays in sight at the top."""
        return (LOW_HEADS if self.is_low else HEADS) * self.unit

    @property
    def rows_height(self) -> float:
        """What scrolls."""
        last, band = self.row(self.scene.rows - 1), self.marker()
        return max(last.bottom(), band.bottom() if band is not None else 0) + self.unit / 2

    def x(self, actor: str) -> float:
        """An actor's lifeline."""
        keys = [each.key for each in self.scene.actors]
        pitch = (self.width - self.times_width - self.unit) / max(1, len(keys))
        return round(self.times_width + (keys.index(actor) + 0.5) * pitch)

    def head(self, actor: str) -> QRectF:
        """An actor's box."""
        width = self._pitch - self.unit
        limited = min(width, 24.0 * self.unit)
        height = self.heads_height - 2 * self.unit
        area = QRectF(self.x(actor) - limited / 2, self.unit, limited, height)
        return grid.pixel_aligned(area)

    def row(self, row: int) -> QRectF:
        """A row from edge to edge; rows after the point of finality make room for its line."""
        top = self.unit / 2 + row * ROW * self.unit + self._marker_room(row)
        return QRectF(0, top, self.width, ROW * self.unit)

    def time(self, row: int) -> QRectF:
        """Where a row's time stands, level with its arrow."""
        area = self.row(row)
        return QRectF(0, area.top() + self.unit / 2, self.times_width - self.unit, 3 * self.unit)

    def arrow_y(self, row: int) -> float:
        """The height of a row's arrows."""
        return self.row(row).top() + 2.75 * self.unit + 0.5

    def text(self, index: int) -> QRectF:
        """Where the words of a message stand: above its arrow, or the whole pill."""
        return self.boxes[index]

    def marker(self) -> QRectF | None:
        """The band around the line of the point of finality."""
        finality = self.scene.finality
        if finality is None or not self.scene.actors:
            return None
        top = self.row(finality.row).bottom() + self.unit / 2
        return QRectF(0, top, self.width, 3 * self.unit)

    def latest_row(self) -> int:
        """The newest row of which something has happened."""
        return max((message.row for message in self.scene.messages if message.time), default=0)

    @property
    def _pitch(self) -> float:
        return (self.width - self.times_width - self.unit) / max(1, len(self.scene.actors))

    def _marker_room(self, row: int) -> float:
        finality = self.scene.finality
        return 4.0 * self.unit if finality is not None and row > finality.row else 0.0

    def _span(self, message: Message) -> tuple[float, float]:
        ends = (self.x(message.source), self.x(message.target))
        return min(ends), max(ends)

    def _text_boxes(self) -> dict[int, QRectF]:
        """Words may be wider than their arrow, as far as the row's next message leaves room."""
        found: dict[int, QRectF] = {}
        by_row: dict[int, list[int]] = {}
        for index, message in enumerate(self.scene.messages):
            by_row.setdefault(message.row, []).append(index)
        for row, indices in by_row.items():
            ordered = sorted(indices, key=lambda n: self._span(self.scene.messages[n]))
            spans = [self._span(self.scene.messages[n]) for n in ordered]
            middles = [(left[1] + right[0]) / 2 for left, right in pairwise(spans)]
            edges = [self.times_width, *middles, self.width - self.unit / 2]
            for place, index in enumerate(ordered):
                room = (edges[place] + self.unit / 4, edges[place + 1] - self.unit / 4)
                found[index] = self._text_box(index, row, spans[place], room)
        return found

    def _text_box(
        self, index: int, row: int, span: tuple[float, float], room: tuple[float, float]
    ) -> QRectF:
        message, area = self.scene.messages[index], self.row(row)
        is_note = message.source == message.target
        if is_note:
            needed = pill.width(message.text)
        else:
            needed = state_mark.width(message.text, grid.small(bold=True)) + self.unit
        width = max(0.0, min(needed, room[1] - room[0]))
        middle = (span[0] + span[1]) / 2
        left = min(max(middle - width / 2, room[0]), room[1] - width)
        if is_note:
            top, height = area.top() + 0.25 * self.unit, 3.0 * self.unit
        else:
            top, height = area.top(), 2.5 * self.unit
        return QRectF(left, top, width, height)


def _with_all_actors(scene: SequenceScene) -> SequenceScene:
    """Whoever sends or receives without having been announced gets a lifeline at the right."""
    ends = (end for message in scene.messages for end in (message.source, message.target))
    known = {actor.key for actor in scene.actors}
    strangers = tuple(Actor(key, key, "") for key in dict.fromkeys(ends) if key not in known)
    return replace(scene, actors=(*scene.actors, *strangers)) if strangers else scene
