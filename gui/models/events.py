"""The journal as a person follows it: one sentence an event, the newest last."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from typing_extensions import override

from gui.event_words import QUIET, QUIET_PURPOSES, Level
from gui.i18n import mark, tr
from gui.messages import level_of, sentence_of, source_of
from gui.models.amounts import clock_text
from gui.models.facts import Happening, RunFacts
from gui.models.scene import StepState
from gui.models.table import NOWHERE, Column, ListTableModel
from gui.theme import current_theme

ROWS_MAX: Final = 20_000
ROWS_DROPPED: Final = 2_000
TOLD_OF_ALL: Final = ("TransactionFailed", "TransactionLost")
"""What is told of every transaction, whatever it was for."""

STATES: Final = {
    Level.SUCCESS: StepState.SETTLED,
    Level.WARNING: StepState.HELD,
    Level.ERROR: StepState.FAILED,
}


class EventsModel(ListTableModel[Happening]):
    """What has happened, without what only sets the stage; the oldest rows go when it is long."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: RunFacts | None = None
        self.labels: Mapping[str, str] = {}
        self.columns = (
            Column(mark("Time"), self._time, 8, order=lambda row: row.sequence),
            Column(mark("Level"), _level_text, 9, colour=_level_colour),
            Column(mark("Source"), self._source, 12),
            Column(mark("Event"), self._sentence, 20),
        )

    @override
    def key(self, row: Happening) -> Hashable:
        return row.sequence

    @override
    def put(self, rows: Iterable[Happening]) -> None:
        super().put(row for row in rows if _is_told(row))
        if len(self.rows) > ROWS_MAX:
            self.beginRemoveRows(NOWHERE, 0, ROWS_DROPPED - 1)
            del self.rows[:ROWS_DROPPED]
            self._places = {row.sequence: place for place, row in enumerate(self.rows)}
            self.endRemoveRows()

    def _time(self, row: Happening) -> str:
        return clock_text(self.run.epoch_s, row.at_ms) if self.run else ""

    def _source(self, row: Happening) -> str:
        return source_of(self.run, row) if self.run else ""

    def _sentence(self, row: Happening) -> str:
        return sentence_of(self.run, row, self.labels) if self.run else ""


def _is_told(row: Happening) -> bool:
    is_quiet = row.text("purpose") in QUIET_PURPOSES and row.kind not in TOLD_OF_ALL
    is_stage = row.kind == "Transferred" and not row.text("sender")
    return row.kind not in QUIET and not is_quiet and not is_stage


def _level_text(row: Happening) -> str:
    level = level_of(row)
    return f"{level.glyph} {tr(level.value)}"


def _level_colour(row: Happening) -> QColor | None:
    state = STATES.get(level_of(row))
    return current_theme().state(state) if state else None
