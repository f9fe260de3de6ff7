"""Cut anywhere, the relayer goes on: every write of its outbox and every submission, one by one.

A point is before or after a submission, or before, within or after a write; every occurrence of
each on three paths is cut once. What is left then is the file as it was last committed, or
nothing, or what is rebuilt from the chains.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bridge.doctor import WatchedChain, rebuild
from bridge.outbox import Outbox, State
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import RELAYER
from tests.support.kill_points import PATHS, Fuse, Leave, Lives, seat
from tests.support.runs import ended_well

ENDED = {State.INCLUDED, State.FAILED, State.LOST}


def same_file(file: Path, testbed: Testbed) -> Path:
    return file


def deleted(file: Path, testbed: Testbed) -> Path:
    file.unlink()
    return file


def rebuilt(file: Path, testbed: Testbed) -> Path:
    outbox = Outbox(deleted(file, testbed))
    rebuild(outbox, testbed.world.accounts[RELAYER].address, watched(testbed))
    outbox.close()
    return file


def watched(testbed: Testbed) -> list[WatchedChain]:
    chains = testbed.deployment.chains
    return [WatchedChain(e, chains[name]) for name, e in testbed.world.engines.items()]


def cut(path: str, file: Path, leave: Leave, *fuses: Fuse, at_once: bool = False) -> Lives:
    """A whole run of one path, in which the relayer's lives have these fuses."""
    testbed = PATHS[path]()
    lives = seat(testbed, Lives(testbed, file, leave, iter(fuses), at_once))
    testbed.run()
    return lives


def points_of(path: str, file: Path) -> list[str]:
    """Every point that an undisturbed relayer passes."""
    fuse = Fuse()
    assert_ended(cut(path, file, same_file, fuse), "nowhere")
    return fuse.passed


def assert_ended(lives: Lives, point: str) -> None:
    """As expected, nothing violated, nothing to look at, nothing left on its way."""
    assert ended_well(lives.testbed), f"cut {point}: {lives.testbed.query().expectations}"
    assert not lives.testbed.alarms, f"cut {point}"
    assert all(entry.state in ENDED for entry in lives.bury()), f"cut {point}: left open"


LEFT: dict[str, tuple[Leave, bool]] = {
    "its file, at once": (same_file, True),
    "its file, a block later": (same_file, False),
    "no file": (deleted, False),
    "a file rebuilt from the chains": (rebuilt, False),
}


@pytest.mark.parametrize("left", LEFT)
@pytest.mark.parametrize("path", PATHS)
def test_a_relayer_that_is_cut_at_any_point_still_brings_the_run_to_its_end(
    path: str, left: str, tmp_path: Path
) -> None:
    leave, at_once = LEFT[left]
    points = points_of(path, tmp_path / "outbox")
    survived = 0
    for at, point in enumerate(points):
        fuse = Fuse(at)
        lives = cut(path, tmp_path / str(at), leave, fuse, at_once=at_once)
        assert fuse.passed == points[: at + 1], f"{point}: not cut there"
        assert_ended(lives, point)
        survived += 1
    print(f"{path}, {left}: {survived} of {len(points)}")
    assert survived == len(points) >= 17


@pytest.mark.parametrize("next_at", range(4))
def test_a_relayer_that_is_cut_again_in_its_next_life_still_brings_the_run_to_its_end(
    next_at: int, tmp_path: Path
) -> None:
    points = points_of("settling", tmp_path / "outbox")
    survived = 0
    for at, point in enumerate(points):
        fuses = (Fuse(at), Fuse(next_at), Fuse(next_at))
        lives = cut("settling", tmp_path / str(at), same_file, *fuses, at_once=True)
        assert_ended(lives, f"{point}, and twice again after {next_at} points more")
        survived += 1
    print(f"settling, three deaths, {next_at} points apart: {survived} of {len(points)}")
    assert survived == len(points)


@pytest.mark.parametrize("path", PATHS)
def test_the_points_are_around_every_write_and_every_submission(path: str, tmp_path: Path) -> None:
    points = points_of(path, tmp_path / "outbox")
    counts = Counter(" ".join(point.split()[:3]) for point in points)
    for kind in ("UpdateErrand", "ProveErrand"):
        before, after = counts[f"before submitting {kind}"], counts[f"after submitting {kind}"]
        assert before == after >= 2
    writes = [
        sum(n for name, n in counts.items() if name.startswith(f"{moment} storing"))
        for moment in ("before", "after")
    ]
    assert writes == [counts["before the commit"]] * 2
    assert writes[0] >= 3
