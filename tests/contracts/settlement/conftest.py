"""Every test of the settlement contract runs on the optimised and on the plain build."""

from __future__ import annotations

from typing import get_args

import pytest

from contracts.artifacts import Optimize
from tests.support.settlement_world import World


@pytest.fixture(params=get_args(Optimize))
def build(request: pytest.FixtureRequest) -> Optimize:
    """How the contracts under test were compiled."""
    chosen: Optimize = request.param
    return chosen


@pytest.fixture
def world(build: Optimize) -> World:
    """Two chains, Shanghai and London."""
    return World.of(build)
