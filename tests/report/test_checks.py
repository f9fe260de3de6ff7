"""A failed check says which trade, what was expected, what happened and why."""

from bridge.audit.findings import Rule
from bridge.errors import ExitCode
from bridge.events import ClientFrozen, InvariantViolated, Purpose, RunFinished, TransactionFailed
from bridge.report.checks import Check, Kind
from tests.support.results import expecting, result
from tests.support.told_runs import ABORTED, HAPPY, HELD, OPENED, PAID, TRADE


def failed(check: Check) -> str:
    assert not check.is_met
    return check.message


def test_a_good_run_meets_every_check() -> None:
    good = result(*HAPPY, *expecting("settled", "settled"))
    assert good.failures == ()
    assert good.code is ExitCode.OK
    names = [check.name for check in good.checks]
    assert names[:2] == ["trade DVP0001 is settled", "everything is conserved"]
    assert {rule.value for rule in Rule} <= set(names)
    assert len(names) == len(set(names))


def test_a_trade_that_settles_unexpectedly_says_when_it_was_committed() -> None:
    (check,) = result(*HAPPY, *expecting("aborted", "settled")).failures
    assert failed(check) == (
        "trade DVP0001: expected aborted, but it is settled. Why: shanghai committed it at 1.0 s "
        "in block 5 and every leg was delivered"
    )
    assert "committed on shanghai, block 5" in check.evidence


def test_a_trade_that_aborts_unexpectedly_says_why_with_its_code() -> None:
    (check,) = result(OPENED, ABORTED, *expecting("settled", "aborted")).failures[:1]
    assert "expected settled, but it is aborted" in failed(check)
    assert "the time to decide ran out" in check.message
    assert check.message.endswith("[LATE]")


def test_a_stall_names_each_trade_that_waits() -> None:
    stalled = result(OPENED, HELD, *expecting("settled", "pending"))
    assert stalled.code is ExitCode.FAILED
    check = next(check for check in stalled.failures if check.kind is Kind.RUN)
    assert "trade DVP0001 waits: everything is held" in failed(check)


def test_a_run_that_was_stopped_has_a_check_for_each_trade() -> None:
    names = [check.name for check in result(OPENED).failures]
    assert names == ["trade DVP0001", "the run comes to its end"]


def test_a_violated_invariant_fails_its_own_check_only() -> None:
    found = InvariantViolated("ONE_SIDED", "london", "one leg \x1b[31m only", TRADE)
    (check,) = result(*HAPPY, found, *expecting("settled", "settled")).failures
    assert check.name == "ONE_SIDED"
    assert failed(check) == (
        "invariant ONE_SIDED is violated: london, trade DVP0001: one leg <U+001B>[31m only"
    )


def test_principal_at_risk_fails_a_run_that_nobody_else_complains_of() -> None:
    bad = result(OPENED, HELD, PAID, *expecting("settled", "settled"))
    assert any("10" in failed(check) and "tGBP" in check.message for check in bad.failures)
    assert bad.code is ExitCode.FAILED


def test_a_frozen_client_is_named() -> None:
    frozen = ClientFrozen("london", "shanghai", 5)
    (check,) = result(*HAPPY, frozen, *expecting("settled", "settled")).failures
    assert "the one on london for shanghai" in failed(check)


def test_an_unfinished_run_is_not_good() -> None:
    assert result(*HAPPY).code is ExitCode.FAILED
    assert result(*HAPPY, RunFinished("all trades terminal")).code is ExitCode.FAILED


def test_a_hostile_reason_is_made_plain() -> None:
    reverted = TransactionFailed(
        "london", b"\7" * 32, "buyer", Purpose.HOLD, 4, 1, "\u202e<b>", (TRADE,)
    )
    (check, *_) = result(OPENED, reverted, ABORTED, *expecting("settled", "aborted")).failures
    assert "<U+202E><b>" in check.evidence
