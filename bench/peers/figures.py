"""What is measured of every peer, and of us, so that the rows of one table mean the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles
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
class PeerFigures:
    """One row: settlements one after the other, many in a block, and what age does to the first.

    ``aged_ratio`` is the median time on a chain with thousands of blocks over that on a fresh one.
    """

    name: str
    version: str
    sequential_per_s: float
    p50_ms: float
    p95_ms: float
    batched_per_s: float
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
    ) -> PeerFigures:
        """The row of several tries: of each kind the best counts, of ``batched`` of any size.

        The best, because whatever else a machine does only ever makes a try worse. ``batched`` are
        sizes with settlements a second; ``aged`` are tries on chains with thousands of blocks.
        """
        fresh = max(alone, key=lambda tried: tried.per_s)
        fresh_ms = min(tried.p50_ms for tried in alone)
        batch_size, batched_per_s = max(batched, key=lambda tried: tried[1])
        return cls(
            name=name,
            version=version,
            sequential_per_s=fresh.per_s,
            p50_ms=fresh.p50_ms,
            p95_ms=fresh.p95_ms,
            batched_per_s=batched_per_s,
            batch_size=batch_size,
            aged_ratio=min(tried.p50_ms for tried in aged) / fresh_ms if aged else None,
        )

    def to_json(self) -> dict[str, Any]:
        """The row as plain values."""
        return asdict(self)
