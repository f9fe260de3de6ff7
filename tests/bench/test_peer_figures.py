"""A row says what was measured, and takes the best of several tries."""

from __future__ import annotations

import json

import pytest

from bench.peers.figures import Latencies, PeerFigures

SLOW = Latencies(tuple(float(n) for n in range(1, 102)))
FAST = Latencies((2.0, 2.0, 2.0, 4.0))


def test_latencies_are_told_by_median_tail_and_rate() -> None:
    assert (SLOW.p50_ms, SLOW.p95_ms) == (51.0, 96.0)
    assert FAST.per_s == pytest.approx(400)


def test_the_best_try_and_the_best_batch_count() -> None:
    row = PeerFigures.of("x", "1.0", [SLOW, FAST], [(20, 300.0), (100, 700.0), (100, 200.0)])
    assert row == PeerFigures("x", "1.0", FAST.per_s, 2.0, FAST.p95_ms, 700.0, 100)
    assert row.aged_ratio is None


def test_age_is_told_by_the_best_medians() -> None:
    row = PeerFigures.of("x", "1.0", [SLOW, FAST], [(20, 300.0)], aged=[SLOW, SLOW])
    assert row.aged_ratio == pytest.approx(25.5)


def test_a_row_goes_into_json_by_its_fields() -> None:
    row = PeerFigures("x", "1.0", 400.0, 2.0, 3.7, 700.0, 100)
    assert PeerFigures(**json.loads(json.dumps(row.to_json()))) == row
