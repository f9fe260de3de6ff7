"""The window: puts the views in their places and connects them; nothing is decided here."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QMainWindow,
    QMessageBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui import theme
from gui.actions import Actions
from gui.i18n import Language, current_language, mark, tr
from gui.language import speak
from gui.models.facts import RunFacts, RunState
from gui.models.scene import BlockScene
from gui.player import Player
from gui.selection import Selection
from gui.stage import Stage
from gui.views.block_card import BlockCard
from gui.views.blotter import BlotterView
from gui.views.error_bar import ErrorBar
from gui.views.event_log import EventLogView
from gui.views.named import named
from gui.views.network_panel import NetworkPanel
from gui.views.positions import PositionsView
from gui.views.status_bar import StatusBar
from gui.views.toolbar import CommandBar
from gui.views.trade_panel import TradePanel

MENUS = (
    (mark("File"), ("file.open", "file.quit")),
    (mark("Run"), ("run.toggle", "run.step", "run.restart", "run.faster", "run.slower")),
    (mark("Trade"), ("trade.next", "trade.previous")),
    (mark("View"), ("view.theme", "view.language", "view.larger", "view.smaller")),
    (mark("Help"), ("help.about",)),
)


class MainWindow(QMainWindow):
    """One window on one player."""

    def __init__(self, player: Player) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.player = player
        self.selection = Selection(self)
        self.stage = Stage(self.selection, self)
        self.actions_ = Actions(self)
        self.toolbar = CommandBar(self.actions_, self)
        self.errors = ErrorBar()
        self.network = NetworkPanel()
        self.trade = TradePanel()
        self.blotter = BlotterView(self.stage.blotter)
        self.positions = PositionsView(self.stage.positions)
        self.events = EventLogView(self.stage.events)
        self.status = StatusBar()
        self.block = BlockCard(self)
        self._compose()
        self._connect_run()
        self._connect_views()
        self._connect_actions()
        self.toolbar.show_scenarios(player.scenarios())
        self.retranslate()
        self.blotter.table.setFocus()

    # --- commands -------------------------------------------------------------------------------

    def open(self, target: str, seed: int | None = None) -> None:
        """Begin a run of a shipped scenario or a file."""
        self.player.open(target, seed)

    def retranslate(self) -> None:
        """Texts in the language of the moment."""
        self.setWindowTitle(tr("Lockstep \u2013 cross-chain settlement"))
        self.actions_.retranslate()
        other = Language.CHINESE if current_language() is Language.ENGLISH else Language.ENGLISH
        is_dark = theme.current_theme().is_dark
        self.actions_.call("view.language", other.own_name)
        self.actions_.call("view.theme", tr("Light theme") if is_dark else tr("Dark theme"))
        for menu, (title, _) in zip(self._menus, MENUS, strict=True):
            menu.setTitle(tr(title))
        self._show_state(self.player.state)
        self.stage.retranslate()
        for view in (
            self.toolbar,
            self.errors,
            self.network,
            self.trade,
            self.blotter,
            self.positions,
            self.events,
            self.status,
            self.block,
        ):
            view.retranslate()

    # --- composition ----------------------------------------------------------------------------

    def _compose(self) -> None:
        self._menus = [self.menuBar().addMenu(title) for title, _ in MENUS]
        for menu, (title, commands) in zip(self._menus, MENUS, strict=True):
            menu.setObjectName(f"menu{title}")
            menu.addActions([self.actions_[command] for command in commands])
        self.addToolBar(self.toolbar)
        left = _split(Qt.Orientation.Vertical, "left", self.network, self.trade)
        right = _split(Qt.Orientation.Vertical, "right", self.blotter, self.positions, self.events)
        self.columns = _split(Qt.Orientation.Horizontal, "columns", left, right)
        left.setStretchFactor(0, 1)
        left.setStretchFactor(1, 2)
        for place, share in enumerate((3, 5, 5)):
            right.setStretchFactor(place, share)
        self.columns.setStretchFactor(0, 3)
        self.columns.setStretchFactor(1, 1)
        self.columns.setSizes([786, 622])
        left.setSizes([328, 488])
        right.setSizes([226, 284, 300])
        page = named(QWidget(), "page")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.errors)
        layout.addWidget(self.columns, 1)
        self.setCentralWidget(page)
        self.setStatusBar(self.status)
        self.resize(1440, 900)

    def _connect_run(self) -> None:
        self.player.run_opened.connect(self._show_run)
        self.player.state_changed.connect(self._show_state)
        self.player.changed.connect(self.stage.take)
        self.player.failed.connect(self.errors.show_problem)
        self.stage.network_changed.connect(self.network.show_scene)
        self.stage.trade_changed.connect(self.trade.show_scene)
        self.stage.block_changed.connect(self._show_block)
        self.stage.conservation_changed.connect(self.status.show_conservation)
        self.stage.clock_changed.connect(self.status.show_clock)

    def _connect_views(self) -> None:
        self.selection.changed.connect(self.blotter.select)
        for view in (self.blotter, self.events):
            view.trade_picked.connect(self.selection.select)
        self.network.lanes.packetClicked.connect(self.selection.select)
        self.network.lanes.blockClicked.connect(self._look_into)
        self.network.lanes.left.connect(self.stage.look_away)
        self.block.closed.connect(self._look_away)
        self.block.trade_picked.connect(self.selection.select)
        self.toolbar.scenario_picked.connect(self.open)
        self.toolbar.seed_entered.connect(lambda seed: self.open(self.player.target, int(seed)))
        self.toolbar.speed_picked.connect(self.player.set_speed)

    def _connect_actions(self) -> None:
        speed = self.toolbar.speed
        for command, do in {
            "file.open": self._pick_file,
            "file.quit": self.close,
            "run.toggle": self._toggle,
            "run.step": self.player.step,
            "run.restart": self._restart,
            "run.faster": lambda: speed.setValue(speed.value() + 1),
            "run.slower": lambda: speed.setValue(speed.value() - 1),
            "trade.next": lambda: self.blotter.go(1),
            "trade.previous": lambda: self.blotter.go(-1),
            "view.theme": _toggle_theme,
            "view.language": _toggle_language,
            "view.larger": lambda: theme.use_scale(theme.current_scale() + 0.125),
            "view.smaller": lambda: theme.use_scale(theme.current_scale() - 0.125),
            "help.about": self._about,
        }.items():
            self.actions_.connect(command, do)

    # --- what the player says ----------------------------------------------------------------

    def _show_run(self, run: RunFacts) -> None:
        self.stage.open(run)
        self.toolbar.show_run(run.scenario, run.about, run.seed)
        self.status.show_run(run)

    def _show_state(self, state: RunState) -> None:
        is_running = state is RunState.RUNNING
        can_go_on = state in (RunState.PAUSED, RunState.RUNNING)
        self.errors.setVisible(state is RunState.FAILED)
        toggle = self.actions_["run.toggle"]
        text = f"\u2016 {tr('Pause')}" if is_running else f"\u25b6 {tr('Run')}"
        self.actions_.call("run.toggle", text)
        toggle.setEnabled(can_go_on)
        self.actions_["run.step"].setEnabled(can_go_on)
        self.actions_["run.restart"].setEnabled(state not in (RunState.EMPTY, RunState.STARTING))
        self.status.show_state(state)

    def _show_block(self, block: BlockScene | None) -> None:
        self.block.show_scene(block)
        if block is None:
            self.network.lanes.unmark()

    # --- what the user wants --------------------------------------------------------------------

    def _toggle(self) -> None:
        if self.player.state is RunState.RUNNING:
            self.player.pause()
        else:
            self.player.run()

    def _look_into(self, chain: str, hash_short: str) -> None:
        lanes = self.network.lanes
        area = lanes.spots.area(lanes.chosen) if lanes.chosen is not None else None
        if area is not None:
            corner = lanes.viewport().mapTo(self, area.toRect().topLeft())
            self.block.put_beside(QRect(corner, area.toRect().size()))
        self.stage.look_into(chain, hash_short)
        if not self.block.isVisible():
            lanes.unmark()

    def _look_away(self) -> None:
        self.stage.look_away()
        self.network.lanes.setFocus()

    def _restart(self) -> None:
        self.open(self.player.target, self.toolbar.wanted_seed())

    def _pick_file(self) -> None:
        kinds = tr("Scenarios (*.toml)")
        path, _ = QFileDialog.getOpenFileName(self, tr("Open scenario"), "", kinds)
        if path:
            self.open(path)

    def _about(self) -> None:
        QMessageBox.about(
            self,
            tr("About Lockstep"),
            tr(
                "Lockstep is a testbed for cross-chain securities settlement: both legs of a trade"
                " or neither. All firms and identifiers in the shipped scenarios are fictional."
            ),
        )

    # --- Qt -------------------------------------------------------------------------------------

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self.retranslate()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.player.close()
        super().closeEvent(event)


def _split(orientation: Qt.Orientation, name: str, *parts: QWidget) -> QSplitter:
    splitter = named(QSplitter(orientation), name)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(8)
    for part in parts:
        splitter.addWidget(part)
    return splitter


def _toggle_theme() -> None:
    theme.use_theme(theme.LIGHT if theme.current_theme().is_dark else theme.DARK)


def _toggle_language() -> None:
    is_english = current_language() is Language.ENGLISH
    speak(Language.CHINESE if is_english else Language.ENGLISH)
