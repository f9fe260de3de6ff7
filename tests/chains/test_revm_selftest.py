"""The self-test of revm, and what happens where it fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError
from typing import TypeAlias

import pytest

from bridge.errors import EngineUnavailable, ExitCode
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.testbed import Testbed
from chains import revm_selftest
from chains.pyevm import PyEvmEngine
from chains.revm import RevmEngine
from chains.revm_selftest import CONFIG, EXPECTED, check_revm, workout
from chains.selection import EngineMissing, EngineName, choose

MOST_SECONDS = 0.05

Breakage: TypeAlias = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture(autouse=True)
def _unchecked() -> Iterator[None]:
    check_revm.cache_clear()
    yield
    check_revm.cache_clear()


def remove_wheel(patch: pytest.MonkeyPatch) -> None:
    def version(_name: str) -> str:
        raise PackageNotFoundError

    patch.setattr(revm_selftest, "version", version)


def install_another(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(revm_selftest, "version", lambda _name: "0.3.8")


def expect_another_block(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(revm_selftest, "EXPECTED", b"\x01" * 32)


BREAKAGES = pytest.mark.parametrize(
    ("breakage", "reason"),
    [
        (remove_wheel, "not installed"),
        (install_another, "0.3.8 is installed"),
        (expect_another_block, "fails its self-test"),
    ],
)


def test_the_block_expected_is_the_one_that_pyevm_makes() -> None:
    assert workout(PyEvmEngine(CONFIG)) == EXPECTED


def test_the_self_test_is_fast() -> None:
    RevmEngine(CONFIG)
    started = time.process_time()
    check_revm()
    assert time.process_time() - started < MOST_SECONDS


def test_auto_is_revm_where_it_works_and_says_nothing() -> None:
    choice = choose(EngineName.AUTO)
    assert (choice.name, choice.notice) == (EngineName.REVM, "")
    assert choice.make(CONFIG).name == "revm"


@BREAKAGES
def test_auto_is_pyevm_elsewhere_with_one_clear_line(
    breakage: Breakage, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    breakage(monkeypatch)
    choice = choose(EngineName.AUTO)
    assert choice.name is EngineName.PYEVM
    assert reason in choice.notice
    assert "\n" not in choice.notice
    assert choice.make(CONFIG).name == "pyevm"


@BREAKAGES
def test_revm_by_name_is_refused_where_it_does_not_work(
    breakage: Breakage, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    breakage(monkeypatch)
    with pytest.raises(EngineMissing, match=reason):
        choose(EngineName.REVM)
    with pytest.raises(EngineUnavailable, match=reason) as caught:
        Testbed.from_scenario(load_scenario("dvp"), engine="revm")
    assert caught.value.exit_code is ExitCode.ENVIRONMENT


def test_pyevm_by_name_needs_no_revm(monkeypatch: pytest.MonkeyPatch) -> None:
    remove_wheel(monkeypatch)
    assert choose(EngineName.PYEVM).notice == ""
