"""Runs for tests of the desktop: opened, and played to their end or to a moment."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from bridge.testbed.testbed import Testbed
from gui.models.facts import RunState
from gui.player import Player

AT_ONCE = 1e6
WAIT_MS = 60_000


def opened(qtbot: QtBot, player: Player, scenario: str = "dvp") -> Player:
    """A run at virtual time zero."""
    with qtbot.waitSignal(player.run_opened, timeout=WAIT_MS):
        player.open(scenario)
    return player


def finished(qtbot: QtBot, player: Player, scenario: str = "dvp") -> Player:
    """A run that has been played to its end."""
    opened(qtbot, player, scenario)
    player.set_speed(AT_ONCE)
    player.run()
    qtbot.waitUntil(lambda: player.state in (RunState.FINISHED, RunState.FAILED), timeout=WAIT_MS)
    assert player.state is RunState.FINISHED
    return player


def stepped_to(qtbot: QtBot, player: Player, at_ms: int) -> None:
    """The opened run, one step after the other, until a moment is reached."""
    while player.now_ms < at_ms:
        with qtbot.waitSignal(player.changed, timeout=WAIT_MS):
            player.step()


class Failing(Testbed):
    """A testbed whose engine breaks after some seconds."""

    SECONDS = 3

    def step(self) -> bool:
        if self.now_ms >= self.SECONDS * 1000:
            raise ZeroDivisionError("the engine broke")
        return super().step()
