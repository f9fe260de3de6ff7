"""Every test of the tokens runs on the optimised and on the plain build."""

from __future__ import annotations

from typing import get_args

import pytest

from contracts.artifacts import Optimize
from tests.support.token_issues import Issue, blank_cash, blank_security, issued


@pytest.fixture(params=get_args(Optimize))
def build(request: pytest.FixtureRequest) -> Optimize:
    """How the contracts under test were compiled."""
    chosen: Optimize = request.param
    return chosen


@pytest.fixture
def cash(build: Optimize) -> Issue:
    """A cash token."""
    return issued(blank_cash(build))


@pytest.fixture
def security(build: Optimize) -> Issue:
    """A security without a holding limit."""
    return issued(blank_security(build))


@pytest.fixture(params=["cash", "security"])
def issue(request: pytest.FixtureRequest, build: Optimize) -> Issue:
    """Either: what both tokens do alike."""
    blank = blank_cash(build) if request.param == "cash" else blank_security(build)
    return issued(blank)
