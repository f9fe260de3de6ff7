"""The commands in reach: which scenario and seed, run, step, how fast, how it looks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRegularExpression, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QSizePolicy, QSlider, QToolBar, QWidget

from gui.actions import Actions
from gui.i18n import tr
from gui.playhead import SPEEDS
from gui.views.named import named

SEED_DIGITS = 20


class CommandBar(QToolBar):
    """Emits what the user asks for and shows what is so; it decides nothing."""

    scenario_picked = Signal(str)
    seed_entered = Signal(str)
    speed_picked = Signal(float)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("commands")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.scenario_label = named(QLabel(), "scenarioLabel")
        self.scenarios = named(QComboBox(), "scenarios")
        self.scenarios.setMinimumContentsLength(16)
        self._seed: int | None = None
        self.seed_label = named(QLabel(), "seedLabel")
        self.seed = named(QLineEdit(), "seedField")
        digits = QRegularExpression(f"[0-9]{{1,{SEED_DIGITS}}}")
        self.seed.setValidator(QRegularExpressionValidator(digits, self.seed))
        self.seed.setFixedWidth(self.fontMetrics().averageCharWidth() * 8 + 24)
        self.speed_label = named(QLabel(), "speedLabel")
        self.speed = named(QSlider(Qt.Orientation.Horizontal), "speed")
        self.speed.setRange(0, len(SPEEDS) - 1)
        self.speed.setPageStep(1)
        self.speed.setFixedWidth(110)
        self.speed_value = named(QLabel(), "speedValue")
        self.speed_value.setMinimumWidth(self.fontMetrics().horizontalAdvance("0.25\u00d7"))
        self._fill(actions)
        self.scenarios.textActivated.connect(self.scenario_picked)
        self.seed.returnPressed.connect(lambda: self.seed_entered.emit(self.seed.text()))
        self.speed.valueChanged.connect(self._speed_changed)
        self.speed.setValue(SPEEDS.index(1.0))
        self.retranslate()

    def show_scenarios(self, names: Sequence[str]) -> None:
        """What can be picked."""
        self.scenarios.clear()
        self.scenarios.addItems(names)

    def show_run(self, scenario: str, about: str, seed: int) -> None:
        """Which scenario and seed are being run."""
        with QSignalBlocker(self.scenarios):
            place = self.scenarios.findText(scenario)
            if place < 0:
                self.scenarios.addItem(scenario)
                place = self.scenarios.count() - 1
            self.scenarios.setCurrentIndex(place)
        self.scenarios.setToolTip(about)
        self.seed.setText(str(seed))
        self._seed = seed

    def wanted_seed(self) -> int | None:
        """What stands in the seed field, or the seed of the run when nothing does."""
        text = self.seed.text()
        return int(text) if text else self._seed

    def retranslate(self) -> None:
        """Texts in the language of the moment."""
        self.setAccessibleName(tr("Commands"))
        self.setWindowTitle(tr("Commands"))
        for label, field, text in (
            (self.scenario_label, self.scenarios, tr("Scenario")),
            (self.seed_label, self.seed, tr("Seed")),
            (self.speed_label, self.speed, tr("Speed")),
        ):
            label.setText(text)
            field.setAccessibleName(text)
        self.seed.setToolTip(tr("Press Enter to begin again with this seed"))
        self.speed.setToolTip(tr("Virtual seconds in a second of ours"))
        for button in self.findChildren(QWidget):
            if button.objectName().endswith("Button"):
                button.setAccessibleName(button.property("text"))

    def _fill(self, actions: Actions) -> None:
        self.addWidget(self.scenario_label)
        self.addWidget(self.scenarios)
        self.addWidget(self.seed_label)
        self.addWidget(self.seed)
        self.addSeparator()
        self._button(actions, "run.toggle", "runButton")
        self._button(actions, "run.step", "stepButton")
        self._button(actions, "run.restart", "restartButton")
        self.addSeparator()
        self.addWidget(self.speed_label)
        self.addWidget(self.speed)
        self.addWidget(self.speed_value)
        gap = named(QWidget(), "gap")
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)
        self._button(actions, "view.theme", "themeButton")
        self._button(actions, "view.language", "languageButton")

    def _button(self, actions: Actions, command: str, name: str) -> None:
        self.addAction(actions[command])
        button = self.widgetForAction(actions[command])
        button.setObjectName(name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _speed_changed(self, place: int) -> None:
        self.speed_value.setText(f"{SPEEDS[place]:g}\u00d7")
        self.speed_picked.emit(SPEEDS[place])
