"""The demo names the point of finality before anybody receives anything, in both languages."""

import pytest

from tests.support.command_line import main_py


@pytest.mark.parametrize(
    ("language", "final", "receives", "reason"),
    [
        ("en", "POINT OF FINALITY", "Thames Custody receives 50,000 SHGB29", "short of tGBP"),
        ("zh", "结算最终点", "Thames Custody 在 shanghai 收到 50,000 SHGB29", "付款方资金不足"),
    ],
)
def test_nobody_receives_anything_before_the_point_of_finality(
    language: str, final: str, receives: str, reason: str
) -> None:
    done = main_py("demo", "--language", language)
    assert (done.code, done.err) == (0, "")
    assert done.out.count(final) == 2
    assert done.out.index(final) < done.out.index(receives)
    assert reason in done.out
    assert "[MONY]" in done.out
    assert "[REFU]" in done.out


def test_the_demo_is_told_the_same_way_twice() -> None:
    assert main_py("demo", hash_seed=1).out == main_py("demo", hash_seed=2).out


def test_every_shipped_kind_of_story_can_be_told() -> None:
    for name in ("objected", "cancelled_by_all", "cross_currency_dvp"):
        done = main_py("demo", name)
        assert done.code == 0, done.err
        assert "{" not in done.out


def test_an_unknown_scenario_is_refused_before_the_prologue() -> None:
    done = main_py("demo", "dpv")
    assert (done.code, done.out) == (3, "")
