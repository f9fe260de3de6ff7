"""A row says what was measured, and takes the best of several tries."""

from __future__ import annotations

import json

import pytest

from bench.figures import Figures, Latencies, told

SLOW = Latencies(tuple(float(n) for n in range(1, 102)))
FAST = Latencies((2.0, 2.0, 2.0, 4.0))


def test_latencies_are_told_by_median_tail_and_rate() -> None:
    assert (SLOW.p50_ms, SLOW.p95_ms) == (51.0, 96.0)
    assert FAST.per_s == pytest.approx(400)


def test_every_try_is_told_and_batches_by_their_best_size() -> None:
    batched = [(20, 300.0), (100, 700.0), (100, 200.0), (20, 320.0)]
    row = Figures.of("x", "1.0", [SLOW, FAST], batched)
    assert row.alone_per_s == (SLOW.per_s, FAST.per_s)
    assert row.p50_ms == (51.0, 2.0)
    assert (row.batch_size, row.batched_per_s) == (100, (700.0, 200.0))
    assert row.aged_ratio is None


def test_age_is_told_by_medians() -> None:
    row = Figures.of("x", "1.0", [FAST, FAST], [(20, 300.0)], aged=[SLOW, SLOW])
    assert row.aged_ratio == pytest.approx(25.5)


def test_a_row_goes_into_json_by_its_fields() -> None:
    row = Figures.of("x", "1.0", [FAST], [(20, 300.0)])
    again = json.loads(json.dumps(row.to_json()))
    assert again["name"] == "x"
    assert again["p50_ms"] == [2.0]


def test_a_spread_is_told_by_its_middle_and_its_ends() -> None:
    assert told([3.0, 1_000.0, 200.0]) == "200 (3 to 1,000)"
    assert told([2.5], 1) == "2.5"
