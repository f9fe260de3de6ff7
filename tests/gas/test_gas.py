"""Gas and code size: the gates, and the snapshot that shows every change of a figure."""

from __future__ import annotations

import json

import pytest

from bench.gas import SNAPSHOT, measure
from bench.hand_desk import BATCH, Figures
from contracts.artifacts import names

ALONE_MAX = 680_000
BATCH_EACH_MAX = 270_000
UPDATE_MAX = 105_000
CODE_MAX = 24_576


@pytest.fixture(scope="module")
def figures() -> Figures:
    return measure()


def test_figures_are_those_of_the_snapshot(figures: Figures) -> None:
    """After a change on purpose: python -m bench.gas --write."""
    assert figures == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_a_trade_settles_alone_within_its_gate(figures: Figures) -> None:
    assert figures["alone: total"] <= ALONE_MAX


def test_a_trade_settles_in_a_batch_within_its_gate(figures: Figures) -> None:
    assert figures[f"batch of {BATCH}: each"] <= BATCH_EACH_MAX


def test_a_header_update_stays_within_its_gate(figures: Figures) -> None:
    updates = {name: gas for name, gas in figures.items() if "header to" in name}
    assert len(updates) == 4
    assert max(updates.values()) <= UPDATE_MAX


def test_every_contract_fits_on_a_chain(figures: Figures) -> None:
    sizes = {name: figures[f"bytes: {name}"] for name in names()}
    assert {name: size for name, size in sizes.items() if size > CODE_MAX} == {}
