"""The same with a real process: SIGKILL at the point, and the file that is left on disk.

The chains die with the process, so the run is executed again up to the same point; there a new
relayer takes up the file of the dead one, which has to be what the second execution wrote.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.outbox import Entry, Outbox
from bridge.testbed.testbed import Testbed
from tests.relayer.test_kill_points import ENDED, points_of
from tests.support.command_line import ROOT, surroundings
from tests.support.kill_points import PATHS, Fuse, Lives, seat
from tests.support.runs import ended_well

KILLS_ON_A_PATH = 10
RUN_MAX_S = 120


def killed_at(path: str, at: int, file: Path) -> int:
    """How a process ended that was to be killed at a point."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.doomed_run", path, str(at), str(file)],
        cwd=ROOT,
        env=surroundings(),
        timeout=RUN_MAX_S,
        check=False,
    )
    return done.returncode


def stored_in(file: Path) -> tuple[Entry, ...]:
    outbox = Outbox(file)
    stored = outbox.entries()
    outbox.close()
    return stored


@pytest.mark.nightly
@pytest.mark.parametrize("path", PATHS)
def test_a_killed_process_leaves_a_file_from_which_the_run_comes_to_its_end(
    path: str, tmp_path: Path
) -> None:
    points = points_of(path, tmp_path / "points")
    survived = 0
    for number in range(KILLS_ON_A_PATH):
        at = number * len(points) // KILLS_ON_A_PATH
        left, again = tmp_path / f"left-{at}", tmp_path / f"again-{at}"
        assert killed_at(path, at, left) == -signal.SIGKILL, points[at]

        def take_over(written: Path, _: Testbed, left: Path = left) -> Path:
            assert stored_in(left) == stored_in(written)
            return left

        testbed = PATHS[path]()
        lives = seat(testbed, Lives(testbed, again, take_over, iter([Fuse(at)])))
        testbed.run()
        assert ended_well(testbed), points[at]
        assert all(entry.state in ENDED for entry in lives.bury()), points[at]
        survived += 1
    print(f"{path}: {survived} of {KILLS_ON_A_PATH}")
    assert survived == KILLS_ON_A_PATH
