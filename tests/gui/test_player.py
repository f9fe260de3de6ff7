from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bridge.journal import Journal
from bridge.readmodel import ReadModel
from bridge.testbed.scenario_file import load_scenario, shipped_scenarios
from bridge.testbed.testbed import Testbed
from gui.main_window import MainWindow
from gui.models.facts import Changes, Happening, Problem, RunState
from gui.models.scene import NetworkScene
from gui.player import Player
from gui.workbench import Workbench, build_testbed
from tests.gui.runs import AT_ONCE, WAIT_MS, Failing, finished, opened, stepped_to


def engine_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("engine")]


def failing(target: str, seed: int | None) -> Testbed:
    return Failing.from_scenario(load_scenario(target), seed)


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_shipped_scenario_plays_to_its_end_and_the_blotter_agrees_with_the_journal(
    qtbot: QtBot, name: str
) -> None:
    journals: list[Journal] = []

    def build(target: str, seed: int | None) -> Testbed:
        testbed = build_testbed(target, seed)
        journals.append(testbed.journal)
        return testbed

    window = MainWindow(Player(Workbench(build)))
    qtbot.addWidget(window)
    seen: list[Happening] = []
    window.player.changed.connect(lambda changes: seen.extend(changes.happenings))
    finished(qtbot, window.player, name)
    window.close()
    (journal,) = journals
    assert [happening.sequence for happening in seen] == list(range(len(journal)))
    assert window.player.journal_sha256 == journal.sha256()
    assert shown(window) == expected(ReadModel.of(journal))


def shown(window: MainWindow) -> dict[str, tuple[str, str]]:
    model = window.blotter.table.model()
    rows = range(model.rowCount())
    cells = [[model.index(row, column).data() for column in (0, 1)] for row in rows]
    return {label: (state[2:], state[:1]) for label, state in cells}


def expected(truth: ReadModel) -> dict[str, tuple[str, str]]:
    glyphs = {"settled": "\u2713", "aborted": "\u2717"}
    return {
        trade.label: (trade.verdict.capitalize(), glyphs[trade.verdict])
        for trade in truth.trades.values()
    }


def test_the_same_seed_is_shown_and_another_gives_another_run(
    qtbot: QtBot, window: MainWindow
) -> None:
    finished(qtbot, window.player)
    first = window.player.journal_sha256
    window.toolbar.seed.setText("7")
    with qtbot.waitSignal(window.player.run_opened, timeout=WAIT_MS):
        window.toolbar.seed.returnPressed.emit()
    window.player.run()
    qtbot.waitUntil(lambda: window.player.state is RunState.FINISHED, timeout=WAIT_MS)
    assert window.player.journal_sha256 != first
    assert window.status.seed.text() == "Seed 7"


def test_a_pause_stands_still_and_running_goes_on(qtbot: QtBot, player: Player) -> None:
    opened(qtbot, player)
    player.set_speed(5)
    player.run()
    qtbot.waitUntil(lambda: player.now_ms > 500, timeout=WAIT_MS)
    player.pause()
    stood = player.now_ms
    qtbot.wait(120)
    assert player.now_ms == stood
    player.run()
    qtbot.waitUntil(lambda: player.now_ms > stood, timeout=WAIT_MS)


def test_a_step_goes_to_the_next_moment_and_no_further(qtbot: QtBot, player: Player) -> None:
    opened(qtbot, player)
    moments = []
    for _ in range(4):
        stepped_to(qtbot, player, player.now_ms + 1)
        moments.append(player.now_ms)
    assert moments == [1000, 2000, 2200, 3000]
    assert player.state is RunState.PAUSED


def test_a_packet_is_seen_on_its_way_between_two_blocks(qtbot: QtBot, window: MainWindow) -> None:
    opened(qtbot, window.player)
    scenes: list[NetworkScene] = []
    window.stage.network_changed.connect(scenes.append)
    stepped_to(qtbot, window.player, 3200)
    (packet,) = scenes[-1].packets
    assert (packet.source, packet.destination, packet.label) == ("london", "shanghai", "held")
    stepped_to(qtbot, window.player, 4000)
    assert scenes[-1].packets == ()


def test_an_engine_error_leaves_the_window_alive(qtbot: QtBot) -> None:
    window = MainWindow(Player(Workbench(failing)))
    qtbot.addWidget(window)
    window.show()
    problems: list[Problem] = []
    window.player.failed.connect(problems.append)
    opened(qtbot, window.player)
    window.player.set_speed(AT_ONCE)
    window.player.run()
    qtbot.waitUntil(lambda: bool(problems), timeout=WAIT_MS)
    assert window.player.state is RunState.FAILED
    assert window.errors.isVisible()
    assert "the engine broke" in window.errors.text.text()
    assert "Traceback" in problems[0].detail
    assert not window.actions_["run.toggle"].isEnabled()
    with qtbot.waitSignal(window.player.run_opened, timeout=WAIT_MS):
        window.actions_["run.restart"].trigger()
    assert not window.errors.isVisible()
    assert window.actions_["run.toggle"].isEnabled()
    window.close()


def test_a_file_that_is_no_scenario_is_told_with_its_code(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.player.failed, timeout=WAIT_MS):
        window.open("no_such_scenario")
    assert "E-SCENARIO-UNKNOWN" in window.errors.text.text()


def test_closing_during_a_run_leaves_no_thread(qtbot: QtBot, window: MainWindow) -> None:
    opened(qtbot, window.player)
    window.player.set_speed(AT_ONCE)
    window.player.run()
    qtbot.waitUntil(lambda: window.player.now_ms > 1000, timeout=WAIT_MS)
    assert engine_threads()
    window.close()
    assert engine_threads() == []


def test_a_new_run_replaces_one_that_is_still_computing(qtbot: QtBot, player: Player) -> None:
    opened(qtbot, player)
    player.set_speed(AT_ONCE)
    player.run()
    qtbot.wait(40)
    finished(qtbot, player)
    assert player.state is RunState.FINISHED


def test_all_faults_of_a_file_are_told_a_line_each(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text('name = "wrong"\nnonsense = 1\nmore_nonsense = 2\n', encoding="utf-8")
    with qtbot.waitSignal(window.player.failed, timeout=WAIT_MS):
        window.open(str(path))
    lines = window.errors.text.text().split("\n")
    assert "nothing has been loaded. [E-FAULTS]" in lines[0]
    assert any("more_nonsense" in line for line in lines)
    assert len(lines) > 2
    assert window.blotter.table.model().rowCount() == 0


def test_the_window_is_not_kept_waiting_while_the_engine_computes(
    qtbot: QtBot, player: Player
) -> None:
    started = time.monotonic()
    player.open("dvp")
    assert time.monotonic() - started < 0.1
    assert player.state is RunState.STARTING


def test_changes_come_at_most_once_a_frame(qtbot: QtBot, player: Player) -> None:
    frames: list[Changes] = []
    player.changed.connect(frames.append)
    started = time.monotonic()
    finished(qtbot, player)
    assert len(frames) <= 2 + (time.monotonic() - started) / 0.030
