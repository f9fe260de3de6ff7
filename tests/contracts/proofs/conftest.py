"""Every test of the proofs runs on both builds: the optimised one and the plain one."""

from __future__ import annotations

from typing import get_args

import pytest

from contracts.artifacts import Optimize
from tests.support.proof_contracts import Client, Verifier
from tests.support.sealed_headers import FOUR


@pytest.fixture(params=get_args(Optimize))
def build(request: pytest.FixtureRequest) -> Optimize:
    """How the contract under test was compiled."""
    chosen: Optimize = request.param
    return chosen


@pytest.fixture
def verifier(build: Optimize) -> Verifier:
    """A receipt verifier."""
    return Verifier.deploy(build)


@pytest.fixture
def client(build: Optimize) -> Client:
    """A light client that trusts FOUR from the genesis on."""
    return Client.deploy(build, FOUR.addresses)
