"""Where the legs of a trade and their steps are: arithmetic on a width, no painting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from PySide6.QtCore import QRectF

from gui.models.scene import LegTrack
from gui.views import chevron, grid, label

ROOMY_LEGS: Final = 3
"""Up to so many legs get two lines of caption; more get one, and lower chevrons."""
CAPTIONS: Final = (0.2, 0.4)
"""The least that captions may be squeezed to and the most they get, as parts of the width."""


@dataclass(frozen=True, slots=True)
class LegTrackLayout:
    """The places of some legs in a view of a width, in pixels.

    ``edges`` are where the columns of chevrons begin and end, the same for all legs.
    """

    tracks: tuple[LegTrack, ...]
    width: float
    unit: int
    edges: tuple[float, ...]

    @classmethod
    def of(cls, tracks: tuple[LegTrack, ...], width: float) -> LegTrackLayout:
        """The words of the steps come first; captions get what these leave."""
        unit = grid.unit()
        columns = _column_widths(tracks)
        left = width - chevron.overlap() - sum(columns)
        least, most = (part * width for part in CAPTIONS)
        caption = min(max(left, least), most, _caption_width(tracks) + 3.5 * unit)
        spare = (width - chevron.overlap() - caption - sum(columns)) / max(1, len(columns))
        starts = accumulate((column + spare for column in columns), initial=caption)
        return cls(tracks, width, unit, tuple(starts))

    @property
    def is_compact(self) -> bool:
        """Whether there are so many legs that each is one line high."""
        return len(self.tracks) > ROOMY_LEGS

    @property
    def height(self) -> float:
        """What all legs take."""
        return self.unit + self._pitch * max(1, len(self.tracks))

    def row(self, leg: int) -> QRectF:
        """One leg from edge to edge."""
        gap = self.unit / 2 if self.is_compact else self.unit
        top = self.unit / 2 + leg * self._pitch
        return QRectF(0, top, self.width, self._pitch - gap)

    def title(self, leg: int) -> QRectF:
        """Where a leg's name stands."""
        box = self._caption(leg)
        if self.is_compact:
            longest = _title_width(self.tracks) + 2
            return QRectF(box.left(), box.top(), min(longest, box.width() / 2), box.height())
        return QRectF(box.left(), box.top(), box.width(), box.height() / 2)

    def subtitle(self, leg: int) -> QRectF:
        """Where it stands what moves: below the name, or after it when there are many legs."""
        box = self._caption(leg)
        if self.is_compact:
            left = self.title(leg).right() + self.unit
            return QRectF(left, box.top(), box.right() - left, box.height())
        return QRectF(box.left(), box.center().y(), box.width(), box.height() / 2)

    def step(self, leg: int, index: int) -> QRectF:
        """One chevron; each reaches into the next so that their edges run in parallel."""
        row, left = self.row(leg), self.edges[index]
        width = self.edges[index + 1] - left + chevron.overlap()
        return QRectF(left, row.top(), width, row.height())

    def steps(self) -> Iterator[tuple[int, int, QRectF]]:
        """Every chevron with its leg and its number."""
        for leg, track in enumerate(self.tracks):
            for index in range(len(track.steps)):
                yield leg, index, self.step(leg, index)

    @property
    def _pitch(self) -> float:
        return (4.5 if self.is_compact else 6) * self.unit

    def _caption(self, leg: int) -> QRectF:
        row = self.row(leg)
        # A bar in the chain's colour stands in front of each caption.
        width = self.edges[0] - 2.5 * self.unit
        return QRectF(1.5 * self.unit, row.top(), width, row.height())


def _column_widths(tracks: tuple[LegTrack, ...]) -> list[float]:
    columns = max((len(track.steps) for track in tracks), default=0)
    return [
        max(chevron.width(track.steps[n][0]) for track in tracks if n < len(track.steps))
        - chevron.overlap()
        for n in range(columns)
    ]


def _caption_width(tracks: tuple[LegTrack, ...]) -> float:
    titles = _title_width(tracks)
    subtitles = max((label.width(track.subtitle, grid.small()) for track in tracks), default=0.0)
    if len(tracks) > ROOMY_LEGS:
        return titles + subtitles + 1.5 * grid.unit()
    return max(titles, subtitles)


def _title_width(tracks: tuple[LegTrack, ...]) -> float:
    return max((label.width(track.title, grid.body(bold=True)) for track in tracks), default=0.0)
