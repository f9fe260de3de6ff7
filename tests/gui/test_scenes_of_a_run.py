from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.models.facts import Happening, Plain
from gui.models.scene import NetworkScene, SequenceScene, StepState, TradeScene
from gui.models.tape import Tape
from tests.gui.runs import WAIT_MS, opened


@pytest.fixture
def seen(qtbot: QtBot, window: MainWindow) -> Seen:
    opened(qtbot, window.player)
    return Seen(qtbot, window)


class Seen:
    """The scenes of dvp at a moment."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window
        self.networks: list[NetworkScene] = []
        self.trades: list[TradeScene] = []
        window.stage.network_changed.connect(self.networks.append)
        window.stage.trade_changed.connect(self.trades.append)

    def at(self, at_ms: int, trade: int = 0) -> TradeScene:
        self.window.player.play_to(at_ms)
        self.qtbot.waitUntil(lambda: self.window.player.now_ms >= at_ms, timeout=WAIT_MS)
        self.window.blotter.table.selectRow(trade)
        return self.trades[-1]


def states(trade: TradeScene) -> list[list[StepState]]:
    return [[state for _, state in track.steps] for track in trade.tracks]


def said(sequence: SequenceScene) -> list[tuple[str, str, str, StepState]]:
    return [(m.source, m.target, m.text, m.state) for m in sequence.messages]


PENDING, FLYING, HELD, DONE, FAILED = StepState


def test_an_instructed_trade_shows_all_that_is_to_come(seen: Seen) -> None:
    trade = seen.at(2000)
    assert states(trade) == [[DONE, PENDING, PENDING, PENDING, PENDING]] * 2
    assert {message.state for message in trade.sequence.messages} == {PENDING}
    assert {message.time for message in trade.sequence.messages} == {""}
    assert trade.sequence.finality is None


def test_a_packet_in_flight_is_seen_in_the_track_the_diagram_and_the_network(seen: Seen) -> None:
    trade = seen.at(3500)
    assert states(trade) == [
        [DONE, HELD, DONE, PENDING, PENDING],
        [DONE, HELD, FLYING, PENDING, PENDING],
    ]
    assert ("relayer", "shanghai", "proves held", FLYING) in said(trade.sequence)
    (packet,) = seen.networks[-1].packets
    assert 0.2 < packet.progress < 0.6
    assert packet.is_selected
    assert seen.networks[-1].relayer.in_flight == 1


def test_a_decision_is_final_before_the_last_leg_is_delivered(seen: Seen) -> None:
    trade = seen.at(4000)
    assert trade.state_word == "Committed"
    assert states(trade) == [[DONE] * 5, [DONE, HELD, DONE, DONE, PENDING]]
    assert trade.sequence.finality is not None
    assert trade.sequence.finality.text == "settlement is final from here on"
    assert "irrevocable" in trade.why


def test_a_settled_trade_has_nothing_pending_and_nothing_to_explain(seen: Seen) -> None:
    trade = seen.at(5000)
    assert (trade.state_word, trade.why) == ("Settled", "")
    assert states(trade) == [[DONE] * 5] * 2
    assert all(message.time for message in trade.sequence.messages)


def test_a_refused_trade_is_shown_as_failed_with_its_reason(seen: Seen) -> None:
    trade = seen.at(10_000, trade=3)
    assert trade.state_word == "Aborted"
    assert states(trade) == [
        [DONE, DONE, DONE, FAILED, FAILED],
        [DONE, FAILED, DONE, FAILED, FAILED],
    ]
    assert "[REFU]" in trade.why
    assert trade.sequence.finality is not None
    assert trade.sequence.finality.state is FAILED


def test_what_happens_apart_at_one_moment_shares_a_row(seen: Seen) -> None:
    sequence = seen.at(2200).sequence
    rows = {(m.source, m.text): m.row for m in sequence.messages}
    assert rows["huangpu", "opens the trade"] == rows["thames", "asks to hold"]
    assert rows["huangpu", "signs"] == rows["thames", "signs"]
    assert rows["huangpu", "signs"] < rows["huangpu", "opens the trade"]


def test_lanes_show_final_blocks_in_the_order_of_the_scenario(seen: Seen) -> None:
    seen.at(6000)
    shanghai, london = seen.networks[-1].lanes
    assert (shanghai.title, london.title) == ("Shanghai", "London")
    assert [tile.height for tile in shanghai.tiles] == list(range(1, 8))
    assert all(tile.is_final and not tile.is_ghost for tile in shanghai.tiles)


def block(height: int, name: str) -> Happening:
    fields: dict[str, Plain] = {"chain": "shanghai", "height": height, "hash": name}
    return Happening(0, 0, "BlockProduced", fields)


def test_blocks_that_a_reorganisation_left_behind_are_ghosts() -> None:
    tape = Tape()
    tape.take([block(1, "a"), block(2, "b"), block(3, "c"), block(2, "d")])
    kept = [(each.hash, each.is_ghost) for each in tape.blocks["shanghai"]]
    assert kept == [("a", False), ("b", True), ("c", True), ("d", False)]
    assert tape.height("shanghai") == 2
