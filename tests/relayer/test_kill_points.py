"""Cut anywhere, the relayer goes on: every write of its outbox and every submission, one by one.

A point is before or after a submission, or before, within or after a write; every occurrence of
each on three paths is cut once. What is left then is the file as it was last committed, or
nothing, or what is rebuilt from the chains.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.doctor import WatchedChain, rebuild
from bridge.outbox import Outbox, State
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import RELAYER
from tests.support.kill_points import PATHS, Fuse, Lives, NewLife, seat
from tests.support.runs import ended_well

ENDED = {State.INCLUDED, State.FAILED, State.LOST}


def same_file(path: Path, testbed: Testbed) -> Outbox:
    return Outbox(path)


def deleted(path: Path, testbed: Testbed) -> Outbox:
    path.unlink()
    return Outbox(path)


def rebuilt(path: Path, testbed: Testbed) -> Outbox:
    outbox = deleted(path, testbed)
    rebuild(outbox, testbed.world.accounts[RELAYER].address, watched(testbed))
    return outbox


def watched(testbed: Testbed) -> list[WatchedChain]:
    chains = testbed.deployment.chains
    return [WatchedChain(e, chains[name]) for name, e in testbed.world.engines.items()]


def cut(
    path: str,
    at: int | None,
    file: Path,
    new_life: Callable[[Path, Testbed], Outbox],
    *,
    at_once: bool,
) -> tuple[Testbed, Fuse, Lives]:
    """A whole run of one path, cut at one point."""
    testbed, fuse = PATHS[path](), Fuse(at)
    life: NewLife = lambda run: new_life(file, run)  # noqa: E731
    lives = seat(testbed, Lives(testbed, fuse, file, life, at_once))
    testbed.run()
    return testbed, fuse, lives


def points_of(path: str, file: Path) -> list[str]:
    """Every point that an undisturbed relayer passes."""
    testbed, fuse, lives = cut(path, None, file, same_file, at_once=False)
    assert ended_well(testbed)
    lives.bury()
    return fuse.passed


LEFT: dict[str, tuple[Callable[[Path, Testbed], Outbox], bool]] = {
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
    new_life, at_once = LEFT[left]
    points = points_of(path, tmp_path / "outbox")
    survived = 0
    for at, point in enumerate(points):
        file = tmp_path / str(at)
        testbed, fuse, lives = cut(path, at, file, new_life, at_once=at_once)
        assert fuse.passed == points[: at + 1], f"{point}: not cut there"
        assert ended_well(testbed), f"cut {point}: {testbed.query().expectations}"
        assert not testbed.alarms
        assert all(entry.state in ENDED for entry in lives.bury()), f"cut {point}: left open"
        survived += 1
    print(f"{path}, {left}: {survived} of {len(points)}")
    assert survived == len(points) >= 17


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
