"""The selected trade: its state in words, why it is not settled, its legs and its sequence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from gui.i18n import tr
from gui.models.scene import StepState, TradeScene
from gui.theme import current_theme
from gui.views.leg_track import LegTrackView
from gui.views.named import named
from gui.views.panel import MARGIN, Panel
from gui.views.sequence import SequenceView


class TradePanel(Panel):
    """Empty until a trade is selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._scene: TradeScene | None = None
        self.tracks = LegTrackView()
        self.sequence = SequenceView()
        self.why = named(QLabel(wordWrap=True), "why")
        self.empty = named(QLabel(alignment=Qt.AlignmentFlag.AlignCenter), "placeholder")
        self._stack = QStackedWidget()
        super().__init__(self._stack, "trade", parent)
        self.state = named(QLabel(), "tradeState")
        self.head.insertWidget(1, self.state)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._trade())
        self.retranslate()

    def show_scene(self, scene: TradeScene | None) -> None:
        """Show another trade, or another moment of it."""
        is_another = (scene and scene.trade_id) != (self._scene and self._scene.trade_id)
        self._scene = scene
        if is_another:
            self.sequence.follow()
        self.retranslate()
        if scene is not None:
            self.tracks.show_tracks(scene.tracks)
            self.sequence.show_scene(scene.sequence)

    def retranslate(self) -> None:
        """Texts in the language of the moment, colours of the theme."""
        scene, theme = self._scene, current_theme()
        self.empty.setText(tr("No trade is selected. Press Run (F5) and pick one."))
        self._stack.setCurrentIndex(0 if scene is None else 1)
        self.state.setVisible(scene is not None)
        if scene is None:
            self.name_it(tr("Trade"))
            self.aside.clear()
            return
        self.name_it(f"{tr('Trade')} {scene.label} \u00b7 {scene.kind}")
        self.aside.setText(scene.detail)
        self.state.setText(f"{scene.state.glyph} {scene.state_word}")
        self.state.setAccessibleName(scene.state_word)
        colour, fill = theme.state(scene.state).name(), theme.state_fill(scene.state).name()
        self.state.setStyleSheet(
            f"color: {colour}; background: {fill}; border-radius: 8px; padding: 2px 9px;"
            "font-weight: 600"
        )
        self.why.setVisible(bool(scene.why))
        self.why.setText(tr("Why it is not settled: {why}", why=scene.why))
        tint = StepState.FAILED if scene.state is StepState.FAILED else StepState.PENDING
        self.why.setStyleSheet(
            f"background: {theme.surface_alt}; border-left: 3px solid {theme.states[tint]};"
            "padding: 5px 9px"
        )

    def _trade(self) -> QWidget:
        page = named(QWidget(), "tradePage")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(MARGIN, 2, MARGIN, 4)
        layout.setSpacing(8)
        reason = QHBoxLayout()
        reason.addWidget(self.why)
        layout.addLayout(reason)
        layout.addWidget(self.tracks)
        layout.addWidget(self.sequence, 1)
        return page
