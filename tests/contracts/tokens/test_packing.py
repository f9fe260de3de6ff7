"""Amounts that share a slot never spill into each other, up to the last bit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.artifacts import Optimize
from tests.support.people import ALICE, BOB, CAROL, account
from tests.support.token_issues import NOTARY, Issue, blank_cash, blank_security

CASH_MAX, UNITS_MAX = 2**128 - 1, 2**84 - 1
EXAMPLES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def parts(limit: int) -> st.SearchStrategy[tuple[int, int, int]]:
    """What is minted, what of it is held, and what of that is executed; often the extremes."""
    amount = st.one_of(st.sampled_from([0, 1, limit // 2, limit - 1, limit]), st.integers(0, limit))
    return st.tuples(amount, amount, amount).map(lambda drawn: _descending(*drawn))


def _descending(first: int, second: int, third: int) -> tuple[int, int, int]:
    small, middle, large = sorted((first, second, third))
    return large, middle, small


def notarised(blank: Issue) -> Issue:
    blank.issuer("set_notary", account(NOTARY))
    return blank


def check(issue: Issue, minted: int, held: int, executed: int) -> None:
    """Balance and held are what arithmetic says, at every step."""
    with issue.token.evm.undone():
        issue.mint(ALICE, minted)
        assert issue.hold(ALICE, BOB, held)
        assert (issue.balance(ALICE), issue.held(ALICE)) == (minted, held)
        assert issue.available(ALICE) == minted - held
        issue.execute(ALICE, BOB, executed)
        assert (issue.balance(ALICE), issue.held(ALICE)) == (minted - executed, held - executed)
        assert (issue.balance(BOB), issue.held(BOB)) == (executed, 0)
        issue.release(ALICE, BOB, held - executed)
        assert (issue.balance(ALICE), issue.held(ALICE)) == (minted - executed, 0)


@pytest.fixture
def empty_cash(build: Optimize) -> Issue:
    """Cash with nothing minted."""
    return notarised(blank_cash(build))


@pytest.fixture
def empty_security(build: Optimize) -> Issue:
    """A security with nothing minted."""
    return notarised(blank_security(build))


@EXAMPLES
@given(drawn=parts(CASH_MAX))
def test_cash_amounts_of_128_bits_stay_apart(
    empty_cash: Issue, drawn: tuple[int, int, int]
) -> None:
    check(empty_cash, *drawn)


@EXAMPLES
@given(drawn=parts(UNITS_MAX), is_frozen=st.booleans())
def test_security_amounts_of_84_bits_stay_apart(
    empty_security: Issue, drawn: tuple[int, int, int], is_frozen: bool
) -> None:
    security = empty_security
    check(security, *drawn)
    minted, held, _ = drawn
    with security.token.evm.undone():
        security.mint(ALICE, minted)
        assert security.hold(ALICE, BOB, held)
        security.issuer("setAddressFrozen", account(ALICE), is_frozen)
        security.issuer("setAddressFrozen", account(BOB), is_frozen)
        assert (security.balance(ALICE), security.held(ALICE)) == (minted, held)
        assert (security.balance(BOB), security.incoming(BOB)) == (0, held)
        assert security.token.call("isFrozen", account(BOB)) is is_frozen


def test_all_three_fields_and_the_flag_are_full_at_once(empty_security: Issue) -> None:
    security = empty_security
    security.mint(ALICE, UNITS_MAX)
    assert security.hold(ALICE, BOB, UNITS_MAX)
    security.issuer("setAddressFrozen", account(BOB), True)
    assert security.incoming(BOB) == security.held(ALICE) == UNITS_MAX
    security.execute(ALICE, BOB, UNITS_MAX)
    security.issuer("setAddressFrozen", account(BOB), False)
    assert security.hold(BOB, CAROL, UNITS_MAX)
    assert (security.balance(BOB), security.held(BOB), security.incoming(BOB)) == (
        UNITS_MAX,
        UNITS_MAX,
        0,
    )


@pytest.mark.parametrize("limit", [1, UNITS_MAX - 1, UNITS_MAX])
def test_the_widest_holding_limit_is_kept_whole(empty_security: Issue, limit: int) -> None:
    security = empty_security
    security.issuer("set_holding_limit", limit)
    assert security.token.call("paused") is False
    security.mint(ALICE, limit)
    assert security.hold(ALICE, BOB, limit)
