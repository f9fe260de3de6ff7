"""All trades of the run, a row each."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from typing_extensions import override

from gui.i18n import mark
from gui.models.facts import RunFacts, TradeFacts
from gui.models.table import Column, ListTableModel
from gui.models.trade_scene import trade_state
from gui.names import is_cash, leg_amount
from gui.theme import current_theme


class BlotterModel(ListTableModel[TradeFacts]):
    """What moves in each trade and where it stands."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: RunFacts | None = None
        self.columns = (
            Column(mark("Trade"), lambda trade: trade.label, 8, hint=lambda trade: trade.reference),
            Column(mark("State"), _state_text, 12, colour=_state_colour),
            Column(mark("Delivery"), self._delivery, 14, is_number=True),
            Column(mark("Payment"), self._payment, 19, is_number=True),
        )

    @override
    def key(self, row: TradeFacts) -> Hashable:
        return row.trade_id

    def _delivery(self, trade: TradeFacts) -> str:
        return self._legs(trade, cash=False)

    def _payment(self, trade: TradeFacts) -> str:
        return self._legs(trade, cash=True)

    def _legs(self, trade: TradeFacts, *, cash: bool) -> str:
        run = self.run
        if run is None:
            return ""
        legs = [leg_amount(run, leg) for leg in trade.legs if is_cash(run, leg) is cash]
        if not legs:
            return "\u2013"
        return legs[0] if len(legs) == 1 else f"{legs[0]} +{len(legs) - 1}"


def _state_text(trade: TradeFacts) -> str:
    state, word = trade_state(trade)
    return f"{state.glyph} {word}"


def _state_colour(trade: TradeFacts) -> QColor:
    return current_theme().state(trade_state(trade)[0])
