"""Always in sight: simulated time, seed, what the run is doing, and that nothing got lost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from gui.i18n import mark, tr
from gui.models.amounts import clock_text
from gui.models.facts import ConservationFacts, RunFacts, RunState
from gui.models.scene import StepState
from gui.theme import current_theme
from gui.views.named import named

STATE_WORDS = {
    RunState.EMPTY: mark("No run"),
    RunState.STARTING: mark("Starting the chains\u2026"),
    RunState.PAUSED: mark("Paused"),
    RunState.RUNNING: mark("Running"),
    RunState.FINISHED: mark("Finished"),
    RunState.FAILED: mark("Stopped by an error"),
}


class StatusBar(QStatusBar):
    """Labels only; nothing here can be pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setSizeGripEnabled(False)
        self.state = named(QLabel(), "runState")
        self.clock = named(QLabel(), "simulatedTime")
        self.seed = named(QLabel(), "seed")
        self.conservation = named(QLabel(), "conservation")
        for label in (self.state, self.clock, self.seed, self.conservation):
            self.addWidget(label)
        self._run: RunFacts | None = None
        self._now_ms = 0
        self._run_state = RunState.EMPTY
        self._kept: Sequence[ConservationFacts] = ()
        self.retranslate()

    def show_run(self, run: RunFacts) -> None:
        """A new run has begun."""
        self._run, self._now_ms, self._kept = run, 0, ()
        self.retranslate()

    def show_state(self, state: RunState) -> None:
        """What the run is doing."""
        self._run_state = state
        self.retranslate()

    def show_clock(self, now_ms: int) -> None:
        """The moment on screen."""
        self._now_ms = now_ms
        moment = clock_text(self._run.epoch_s, now_ms) if self._run else "\u2013"
        self.clock.setText(tr("Simulated time {moment} UTC", moment=moment))

    def show_conservation(self, kept: Sequence[ConservationFacts]) -> None:
        """Whether every instrument's total is what it was."""
        self._kept = kept
        broken = [each for each in kept if not each.is_conserved]
        state = StepState.FAILED if broken else StepState.SETTLED
        if not kept:
            state, text = StepState.PENDING, tr("Conservation of assets: not checked yet")
        elif broken:
            names = ", ".join(each.instrument for each in broken)
            text = tr("Conservation of assets: VIOLATED in {names}", names=names)
        else:
            text = tr("Conservation of assets: all {count} instruments", count=len(kept))
        self.conservation.setText(f"{state.glyph} {text}")
        self.conservation.setStyleSheet(f"color: {current_theme().states[state]}; font-weight: 600")
        faults = [fault for each in broken for fault in each.faults]
        hint = tr("The total of every instrument is compared with its opening after every event.")
        self.conservation.setToolTip("\n".join([hint, *faults]))

    def retranslate(self) -> None:
        """Texts in the language of the moment, colours of the theme."""
        self.setAccessibleName(tr("Status"))
        self.state.setText(tr(STATE_WORDS[self._run_state]))
        self.seed.setText(tr("Seed {seed}", seed=self._run.seed if self._run else "\u2013"))
        self.show_clock(self._now_ms)
        self.show_conservation(self._kept)
        for label, name in (
            (self.state, tr("State of the run")),
            (self.clock, tr("Simulated time")),
            (self.seed, tr("Seed")),
            (self.conservation, tr("Conservation of assets")),
        ):
            label.setAccessibleName(name)
