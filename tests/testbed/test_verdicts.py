"""An expectation is met by the right end for the right reason, and by nothing else."""

from __future__ import annotations

import pytest

from bridge.causes import Cause, Explanation
from bridge.errors import ExitCode
from bridge.testbed.summary import verdict
from bridge.testbed.verdicts import ABORTING, REASONS, expectation, is_met, outcome
from tests.support.runs import PVP, leg, scenario, trade
from tests.support.shipped import run_to_its_end

SHORT = Explanation(Cause.SHORT_OF_CASH, "bob is short")
SHORT_PVP = trade(
    leg("shanghai", "alice", "bob"), leg("london", "bob", "alice", "5000.00"), expect="aborted"
)


@pytest.mark.parametrize("because", [None, "MONY", "short of cash"])
def test_an_abort_for_the_expected_reason_is_met(because: str | None) -> None:
    assert is_met("aborted", because, "aborted", SHORT)


@pytest.mark.parametrize("because", ["LACK", "refused", "LATE"])
def test_an_abort_for_another_reason_is_not_met(because: str) -> None:
    assert not is_met("aborted", because, "aborted", SHORT)


def test_another_end_is_not_met_whatever_the_reason() -> None:
    assert not is_met("aborted", "MONY", "settled", None)
    assert not is_met("aborted", "MONY", "pending", SHORT)
    assert not is_met("settled", None, "aborted", SHORT)
    assert is_met("settled", None, "settled", None)


def test_expectation_and_outcome_are_told_in_one_phrase() -> None:
    assert expectation("settled", None) == "settled"
    assert expectation("aborted", "MONY") == "aborted: MONY"
    assert outcome("aborted", SHORT) == "aborted: short of cash [MONY]"
    assert outcome("aborted", Explanation(Cause.CANCELLED, "")) == "aborted: cancelled"


def test_every_reason_of_an_abort_can_be_expected_and_no_wait() -> None:
    assert {cause.value for cause in ABORTING} < set(REASONS)
    assert not [reason for reason in REASONS if reason.startswith("awaiting")]


def test_a_run_that_aborts_for_another_reason_than_expected_fails_and_says_why() -> None:
    model = run_to_its_end(scenario({**SHORT_PVP, "because": "REFU"})).query()
    first = model.expectations[0]
    assert (first.expected, first.actual, first.met) == (
        *("aborted: REFU", "aborted: short of cash [MONY]", False),
    )
    assert verdict(model) is ExitCode.FAILED


def test_a_run_that_aborts_as_expected_is_good() -> None:
    for because in ("MONY", "short of cash"):
        model = run_to_its_end(scenario({**SHORT_PVP, "because": because})).query()
        assert verdict(model) is ExitCode.OK


def test_a_run_that_settles_where_an_abort_was_expected_fails() -> None:
    refused = {**PVP, "expect": "aborted", "because": "REFU"}
    model = run_to_its_end(scenario(refused)).query()
    assert [e.actual for e in model.expectations] == ["settled", "conserved"]
    assert verdict(model) is ExitCode.FAILED
