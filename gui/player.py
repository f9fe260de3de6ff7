"""Plays a run: open, run, pause, step, speed; and one signal a frame of what there is to see.

The workbench computes on the engine's thread, a little ahead. What it tells waits here until the
playhead reaches it. Nothing blocks: a command returns at once and its effect is a later signal.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from gui.engine_thread import EngineThread
from gui.models.facts import Changes, Piece, Problem, RunState, merged
from gui.playhead import Playhead
from gui.workbench import Workbench

FRAME_MS: Final = 33


class Player(QObject):
    """One run at a time, on one timer."""

    run_opened = Signal(object)  # RunFacts
    state_changed = Signal(object)  # RunState
    changed = Signal(object)  # Changes
    failed = Signal(object)  # Problem

    def __init__(self, workbench: Workbench | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = RunState.EMPTY
        self.target = ""
        self.journal_sha256 = ""
        self._workbench = workbench or Workbench()
        self._engine = EngineThread[Piece](self._workbench.tell)
        self._playhead = Playhead()
        self._ahead: deque[Changes] = deque()
        self._is_computed = False
        self._is_stepping = False
        self._goal_ms = 0
        self._wall = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._frame)

    # --- commands -------------------------------------------------------------------------------

    def open(self, target: str, seed: int | None = None) -> None:
        """Build a run of a shipped scenario or a file; ``run_opened`` follows, or ``failed``."""
        self.target = target
        self._engine.forget()
        self._playhead.restart()
        self._ahead.clear()
        self._is_computed = self._is_stepping = False
        self._goal_ms = 0
        self._become(RunState.STARTING)
        self._engine.submit(lambda: self._workbench.open(target, seed))
        self._wake()

    def run(self) -> None:
        """Let time pass."""
        if self.state is RunState.PAUSED:
            self._become(RunState.RUNNING)
            self._wake()

    def pause(self) -> None:
        """Stand still at this moment."""
        if self.state is RunState.RUNNING:
            self._become(RunState.PAUSED)

    def step(self) -> None:
        """Go on to the next moment at which anything happens, and stand there."""
        self.pause()
        if self.state is RunState.PAUSED:
            self._is_stepping = True
            self._wake()

    def play_to(self, at_ms: int) -> None:
        """Go on at once to a moment, or to the end if that comes first, and stand there."""
        self.pause()
        if self.state is RunState.PAUSED:
            self._goal_ms = at_ms
            self._wake()

    def set_speed(self, speed: float) -> None:
        """How many virtual seconds pass in one of ours."""
        self._playhead.speed = speed

    def close(self) -> None:
        """End the run and its thread."""
        self._timer.stop()
        self._engine.close(self._workbench.close)

    # --- reading --------------------------------------------------------------------------------

    @property
    def now_ms(self) -> int:
        """The moment on screen, in virtual milliseconds."""
        return self._playhead.now_ms

    def scenarios(self) -> tuple[str, ...]:
        """What can be played."""
        return self._workbench.scenarios()

    # --- frames ---------------------------------------------------------------------------------

    @property
    def _is_going(self) -> bool:
        """True while a step or a goal has not been reached; nothing is, after an end."""
        is_open = self.state is RunState.PAUSED
        return is_open and (self._is_stepping or self.now_ms < self._goal_ms)

    def _become(self, state: RunState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _wake(self) -> None:
        if not self._timer.isActive():
            self._wall.start()
            self._timer.start()

    def _frame(self) -> None:
        wall_ms = self._wall.restart()
        self._take_computed()
        if self.state is RunState.RUNNING:
            self._playhead.advance(wall_ms)
        if self._is_stepping and self._ahead:
            self._playhead.go_to(self._ahead[0].now_ms)
            self._is_stepping = False
        self._playhead.go_to(self._goal_ms)
        self._show_due()
        self._ask_for_more()
        if self._is_computed and not self._ahead and self._playhead.is_at_end:
            self._become(RunState.FINISHED)
        is_moving = self.state in (RunState.STARTING, RunState.RUNNING) or self._is_going
        if not is_moving and not self._engine.is_busy:
            self._timer.stop()

    def _take_computed(self) -> None:
        while (piece := self._engine.poll()) is not None:
            if isinstance(piece, Problem):
                self._engine.forget()
                self._is_stepping = False
                self._become(RunState.FAILED)
                self.failed.emit(piece)
                return
            self._ahead.extend(piece.changes)
            self._playhead.computed_to(piece.computed_ms)
            self._is_computed = piece.is_finished
            self.journal_sha256 = piece.journal_sha256
            if piece.run is not None:
                self.run_opened.emit(piece.run)
                self._become(RunState.PAUSED)

    def _show_due(self) -> None:
        due = list[Changes]()
        while self._ahead and self._ahead[0].now_ms <= self._playhead.now_ms:
            due.append(self._ahead.popleft())
        if due or self.state is RunState.RUNNING:
            self.changed.emit(merged(due, self.now_ms))

    def _ask_for_more(self) -> None:
        if self._is_computed or self._engine.is_busy:
            return
        is_running = self.state is RunState.RUNNING and self._playhead.wants_more
        if self._is_going or is_running:
            until_ms = max(self._playhead.wanted_ms, self._goal_ms)
            self._engine.submit(lambda: self._workbench.advance(until_ms))
