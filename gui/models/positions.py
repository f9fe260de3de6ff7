"""Who holds what: what is available and what is held, in the instrument's own decimals."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from typing_extensions import override

from gui.i18n import mark
from gui.models.facts import PositionFacts, RunFacts
from gui.models.scene import StepState
from gui.models.table import Column, ListTableModel
from gui.names import actor_name, chain_name, figure, hue
from gui.theme import current_theme


class PositionsModel(ListTableModel[PositionFacts]):
    """A row for each participant and instrument that has ever had anything."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: RunFacts | None = None
        self.columns = (
            Column(mark("Participant"), self._who, 16),
            Column(mark("Chain"), self._chain, 8, colour=self._chain_colour),
            Column(mark("Instrument"), lambda row: row.instrument, 8),
            Column(mark("Available"), self._available, 12, is_number=True, order=_available),
            Column(
                mark("Held"),
                self._held,
                15,
                is_number=True,
                order=lambda row: row.held,
                colour=_held_colour,
            ),
        )

    @override
    def key(self, row: PositionFacts) -> Hashable:
        return row.key

    def _who(self, row: PositionFacts) -> str:
        return actor_name(self.run, row.participant) if self.run else ""

    def _chain(self, row: PositionFacts) -> str:
        return chain_name(self._chain_key(row))

    def _chain_colour(self, row: PositionFacts) -> QColor | None:
        return current_theme().hue(hue(self.run, self._chain_key(row))) if self.run else None

    def _chain_key(self, row: PositionFacts) -> str:
        return self.run.instruments[row.instrument].chain if self.run else ""

    def _available(self, row: PositionFacts) -> str:
        return figure(self.run, row.instrument, _available(row)) if self.run else ""

    def _held(self, row: PositionFacts) -> str:
        if not row.held or not self.run:
            return "\u2013"
        return f"{StepState.HELD.glyph} {figure(self.run, row.instrument, row.held)}"


def _available(row: PositionFacts) -> int:
    return row.balance - row.held


def _held_colour(row: PositionFacts) -> QColor | None:
    return current_theme().state(StepState.HELD) if row.held else None
