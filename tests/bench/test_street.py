"""The benchmark's runs are real: trades settle, or there is no figure."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.floor import floor_of
from bench.memory import measure as measure_memory
from bench.restart import measure as measure_restart
from bench.street import FIRST_S, Street, outbox_on_disk
from bridge.events import Event


def test_every_round_settles_its_trades_and_leaves_the_open_ones_open() -> None:
    street = Street(2, 3, standing=5)
    rounds = [street.round() for _ in range(2)]
    assert [taken.trades for taken in rounds] == [3, 3]
    assert all(taken.wall_s > 0 for taken in rounds)
    assert street.testbed.open_trades == 5
    settled = [t for t in street.testbed.query().trades.values() if t.verdict == "settled"]
    assert len(settled) == 6
    assert not street.testbed.query().violations


def test_a_round_that_does_not_settle_gives_no_figure() -> None:
    street = Street(1, 1)
    street.testbed.restart_relayer()
    street.testbed._relays = Idle()
    with pytest.raises(RuntimeError, match="1 trades are open, not 0"):
        street.round()


def test_without_its_auditor_a_round_settles_the_same() -> None:
    street = Street(1, 2, audited=False)
    street.round()
    assert street.testbed.open_trades == 0


class Idle:
    """A relayer that carries nothing."""

    def step(self, now_s: int) -> Iterator[Event]:
        return iter(())


def test_chains_are_as_old_as_asked() -> None:
    ages = [Street(1, 1, age_s=age_s).testbed.now_ms // 1000 for age_s in (0, 30)]
    assert ages == [FIRST_S, FIRST_S + 30]


def test_the_relayer_keeps_its_calls_on_disk() -> None:
    with outbox_on_disk() as outbox:
        street = Street(1, 1, outbox=outbox)
        street.round()
        assert len(outbox.entries()) == 4  # a header and a proof each way


def test_the_floor_is_below_what_a_run_takes() -> None:
    street = Street(6, 4)
    taken: list[float] = []

    def settle() -> int:
        taken.extend(street.round().cpu_s for _ in range(6))
        return 24

    floor = floor_of(street, settle)
    assert 0 < floor.evm_s + floor.signing_s < sum(taken)
    assert floor.trades == 24


def test_memory_is_told_by_who_holds_it() -> None:
    kept = measure_memory(1_000)
    assert kept.trades == 1_000
    assert kept.journal_each > 0
    assert kept.chains_each > 0


def test_a_relayer_that_comes_back_twice_loses_no_trade() -> None:
    again = measure_restart(40)
    assert again.open_at_return == 40
    assert again.settled == 40
