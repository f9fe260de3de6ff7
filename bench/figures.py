"""What is measured of every peer, and of us, so that the rows of one table mean the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any


@dataclass(frozen=True, slots=True)
class Latencies:
    """How long each of some settlements took, one after the other."""

    each_ms: tuple[float, ...]

    @property
    def per_s(self) -> float:
        """Settlements in a second."""
        return 1000 * len(self.each_ms) / sum(self.each_ms)

    @property
    def p50_ms(self) -> float:
        """Half of them took no longer."""
        return quantiles(self.each_ms, n=100, method="inclusive")[49]

    @property
    def p95_ms(self) -> float:
        """All but five in a hundred took no longer."""
        return quantiles(self.each_ms, n=100, method="inclusive")[94]


@dataclass(frozen=True, slots=True)
class Figures:
    """One row, a value for each try: settlements one after the other, and many in a block.

    ``batch_size`` is the best of those that were tried, by its median. ``aged_ratio`` is the median
    time on a chain with thousands of blocks over that on a fresh one.
    """

    name: str
    version: str
    alone_per_s: tuple[float, ...]
    p50_ms: tuple[float, ...]
    p95_ms: tuple[float, ...]
    batched_per_s: tuple[float, ...]
    batch_size: int
    aged_ratio: float | None = None

    @classmethod
    def of(
        cls,
        name: str,
        version: str,
        alone: Sequence[Latencies],
        batched: Sequence[tuple[int, float]],
        aged: Sequence[Latencies] = (),
    ) -> Figures:
        """The row of some tries; ``batched`` are sizes with settlements a second."""
        by_size: dict[int, list[float]] = {}
        for size, per_s in batched:
            by_size.setdefault(size, []).append(per_s)
        best = max(by_size, key=lambda size: median(by_size[size]))
        p50_ms = tuple(tried.p50_ms for tried in alone)
        aged_ms = [tried.p50_ms for tried in aged]
        return cls(
            name=name,
            version=version,
            alone_per_s=tuple(tried.per_s for tried in alone),
            p50_ms=p50_ms,
            p95_ms=tuple(tried.p95_ms for tried in alone),
            batched_per_s=tuple(by_size[best]),
            batch_size=best,
            aged_ratio=median(aged_ms) / median(p50_ms) if aged_ms else None,
        )

    def to_json(self) -> dict[str, Any]:
        """The row as plain values."""
        return asdict(self)


def told(values: Sequence[float], digits: int = 0) -> str:
    """The middle of some tries, and from where to where they go."""
    middle, low, high = (f"{v:,.{digits}f}" for v in (median(values), min(values), max(values)))
    return middle if len(values) == 1 else f"{middle} ({low} to {high})"
