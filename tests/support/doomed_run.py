"""A run in a process of its own that is killed at a point: ``doomed_run PATH POINT FILE``."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from bridge.testbed.testbed import Testbed
from tests.support.kill_points import PATHS, Fuse, Lives, seat


def kill_this_process() -> None:
    """No handler runs, nothing is flushed, no file is closed."""
    os.kill(os.getpid(), signal.SIGKILL)


def no_next_life(file: Path, _: Testbed) -> Path:
    raise AssertionError("a killed process has no next life")


def main(path: str, at: str, file: str) -> None:
    """Run until the point; a return means that it was not reached."""
    testbed = PATHS[path]()
    fuses = iter([Fuse(int(at), kill_this_process)])
    seat(testbed, Lives(testbed, Path(file), no_next_life, fuses))
    testbed.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
