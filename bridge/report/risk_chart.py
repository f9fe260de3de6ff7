"""The chart of principal at risk: trades that hold value, are being delivered, are one-sided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bridge.principal import Moment

WIDTH: Final = 1080
HEIGHT: Final = 190
LEFT: Final = 40
RIGHT: Final = 14
FLOOR: Final = 160
CEILING: Final = 14
TICKS: Final = 8
POINTS_MAX: Final = 4000


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class RiskChart:
    """Paths as SVG writes them; ``risk`` is a line that lies on the floor when all is well."""

    held: str
    delivering: str
    risk: str
    times: tuple[Tick, ...]
    counts: tuple[Tick, ...]
    most_held: int
    most_at_risk: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = FLOOR


def risk_chart(moments: Sequence[Moment]) -> RiskChart:
    """Lay the moments out; each holds until the next."""
    shown = moments[:: len(moments) // POINTS_MAX + 1]
    end_ms = max(moments[-1].at_ms, 1)
    top = max(2, *(moment.held + moment.delivering for moment in moments))
    risks = [1 if moment.at_risk else 0 for moment in moments]

    def x(at_ms: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * at_ms / end_ms

    def y(count: int) -> float:
        return FLOOR - (FLOOR - CEILING) * count / top

    def path(value: Callable[[Moment], int]) -> str:
        points = [f"M{x(0):.1f},{y(0):.1f}"]
        for moment in shown:
            points.append(f"H{x(moment.at_ms):.1f}V{y(value(moment)):.1f}")
        return "".join((*points, f"H{x(end_ms):.1f}"))

    return RiskChart(
        held=f"{path(lambda m: m.held + m.delivering)}V{FLOOR}Z",
        delivering=f"{path(lambda m: m.delivering)}V{FLOOR}Z",
        risk=path(lambda m: 1 if m.at_risk else 0),
        times=tuple(Tick(x(at_ms), f"{at_ms / 1000:g} s") for at_ms in _times(end_ms)),
        counts=tuple(Tick(y(count), f"{count}") for count in sorted({0, (top + 1) // 2, top})),
        most_held=max(moment.held + moment.delivering for moment in moments),
        most_at_risk=max(risks),
    )


def _times(end_ms: int) -> Iterator[int]:
    step_ms = 1000
    for factor in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000):
        step_ms = factor * 1000
        if end_ms / step_ms <= TICKS:
            break
    yield from range(0, end_ms + 1, step_ms)
