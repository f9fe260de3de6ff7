"""The virtual clock and its timers."""

from __future__ import annotations

import pytest

from chains.clock import BackwardTime, Clock


def test_timers_run_when_they_are_due_and_see_the_time() -> None:
    clock = Clock(1_000)
    seen: list[tuple[str, int]] = []
    clock.after(500, lambda: seen.append(("late", clock.now_ms)))
    clock.at(1_200, lambda: seen.append(("early", clock.now_ms)))
    clock.advance_to(1_499)
    assert seen == [("early", 1_200)]
    clock.advance_to(2_600)
    assert seen == [("early", 1_200), ("late", 1_500)]
    assert (clock.now_ms, clock.now_s) == (2_600, 2)


def test_timers_due_together_run_in_the_order_they_were_set() -> None:
    clock = Clock()
    seen: list[int] = []
    for number in range(20):
        clock.at(10, lambda number=number: seen.append(number))  # type: ignore[misc]
    clock.advance_to(10)
    assert seen == list(range(20))


def test_a_timer_may_set_another_that_still_runs_in_the_same_advance() -> None:
    clock = Clock()
    seen: list[int] = []
    clock.at(1, lambda: clock.after(0, lambda: seen.append(clock.now_ms)))  # type: ignore[arg-type]
    clock.advance_to(5)
    assert seen == [1]


def test_a_step_goes_to_the_next_timer_only() -> None:
    clock = Clock()
    seen: list[int] = []
    for due in (30, 10, 20):
        clock.at(due, lambda due=due: seen.append(due))  # type: ignore[misc]
    assert clock.step()
    assert (seen, clock.now_ms, clock.next_due_ms) == ([10], 10, 20)
    while clock.step():
        pass
    assert (seen, clock.next_due_ms) == ([10, 20, 30], None)


def test_a_cancelled_timer_does_not_run_and_the_others_do() -> None:
    clock = Clock()
    seen: list[str] = []
    cancelled = clock.at(1, lambda: seen.append("cancelled"))
    clock.at(2, lambda: seen.append("kept"))
    clock.cancel(cancelled)
    clock.cancel(cancelled)
    assert clock.next_due_ms == 2
    clock.advance_to(3)
    assert seen == ["kept"]


def test_time_never_goes_back() -> None:
    clock = Clock(100)
    with pytest.raises(BackwardTime):
        clock.advance_to(99)
    with pytest.raises(BackwardTime):
        clock.at(99, print)
    with pytest.raises(BackwardTime):
        clock.after(-1, print)
    clock.advance_to(100)
    assert clock.now_ms == 100


def test_a_restored_clock_runs_the_same_timers_in_the_same_order() -> None:
    clock = Clock()
    seen: list[str] = []
    for name, due in (("a", 10), ("b", 5), ("c", 10)):
        clock.at(due, lambda name=name: seen.append(name))  # type: ignore[misc]
    state = clock.snapshot()
    clock.advance_to(20)
    clock.at(30, lambda: seen.append("forgotten"))
    clock.restore(state)
    assert clock.now_ms == 0
    clock.advance_to(40)
    assert seen == ["b", "a", "c", "b", "a", "c"]
