from __future__ import annotations

from gui.playhead import FRAME_LIMIT_MS, Playhead


def test_it_moves_at_the_chosen_speed() -> None:
    playhead = Playhead()
    playhead.computed_to(10_000)
    playhead.speed = 5
    playhead.advance(100)
    assert playhead.now_ms == 500


def test_it_never_passes_what_is_computed() -> None:
    playhead = Playhead()
    playhead.computed_to(100)
    playhead.advance(200)
    assert playhead.now_ms == 100
    assert playhead.is_at_end


def test_a_stalled_window_goes_on_where_it_was() -> None:
    playhead = Playhead()
    playhead.computed_to(60_000)
    playhead.advance(30_000)
    assert playhead.now_ms == FRAME_LIMIT_MS


def test_it_asks_for_more_a_second_ahead_and_not_before() -> None:
    playhead = Playhead()
    playhead.computed_to(1000)
    assert not playhead.wants_more
    playhead.advance(1)
    assert playhead.wants_more


def test_it_does_not_go_back() -> None:
    playhead = Playhead()
    playhead.computed_to(1000)
    playhead.go_to(800)
    playhead.go_to(200)
    assert playhead.now_ms == 800
