"""Every attack is made on the optimised and on the plain build of the contracts."""

from __future__ import annotations

from typing import get_args

import pytest

from contracts.artifacts import Optimize


@pytest.fixture(params=get_args(Optimize))
def build(request: pytest.FixtureRequest) -> Optimize:
    """How the contracts under attack were compiled."""
    chosen: Optimize = request.param
    return chosen
