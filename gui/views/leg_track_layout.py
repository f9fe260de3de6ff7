"""Where the legs of a trade and their steps are: arithmetic on a width, no painting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF

from gui.models.scene import LegTrack
from gui.views import chevron, grid, label

ROOMY_LEGS: Final = 3
"""Up to so many legs get two lines of caption; more get one, and lower chevrons."""


@dataclass(frozen=True, slots=True)
class LegTrackLayout:
    """The places of some legs in a view of a width, in pixels."""

    tracks: tuple[LegTrack, ...]
    width: float
    unit: int
    caption_width: float

    @classmethod
    def of(cls, tracks: tuple[LegTrack, ...], width: float) -> LegTrackLayout:
        """Captions get what they need, though never more than three tenths of the width."""
        unit = grid.unit()
        caption = max(12.0 * unit, min(_caption_width(tracks) + 3 * unit, 0.3 * width))
        return cls(tracks, width, unit, caption)

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
        top = self.unit + leg * self._pitch
        return QRectF(self.unit, top, self.width - 2 * self.unit, self._pitch - gap)

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
        row, count = self.row(leg), max(1, len(self.tracks[leg].steps))
        left = row.left() + self.caption_width
        overlap = chevron.tip() - 3
        pitch = (row.right() - left - overlap) / count
        return QRectF(left + index * pitch, row.top(), pitch + overlap, row.height())

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
        return QRectF(
            row.left() + 1.5 * self.unit,
            row.top(),
            self.caption_width - 2.5 * self.unit,
            row.height(),
        )


def _caption_width(tracks: tuple[LegTrack, ...]) -> float:
    titles = _title_width(tracks)
    subtitles = max((label.width(track.subtitle, grid.small()) for track in tracks), default=0.0)
    if len(tracks) > ROOMY_LEGS:
        return titles + subtitles + 1.5 * grid.unit()
    return max(titles, subtitles)


def _title_width(tracks: tuple[LegTrack, ...]) -> float:
    return max((label.width(track.title, grid.body(bold=True)) for track in tracks), default=0.0)
