"""The real program in a process of its own, as a shell would start it."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUN_MAX_S = 60


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command line left behind."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def error_lines(self) -> list[str]:
        return self.err.splitlines()


def main_py(
    *arguments: str, hash_seed: int = 0, cwd: Path | None = None, **environment: str
) -> Finished:
    """Run ``main.py`` with some arguments and wait for it."""
    started_s = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        env=surroundings(hash_seed, **environment),
        cwd=cwd,
        capture_output=True,
        timeout=RUN_MAX_S,
        check=False,
    )
    seconds = time.monotonic() - started_s
    out, err = (raw.decode("utf-8", "replace") for raw in (done.stdout, done.stderr))
    return Finished(done.returncode, out, err, seconds)


def surroundings(hash_seed: int = 0, **more: str) -> dict[str, str]:
    """The environment of a child process: as ours, but for the order of sets."""
    return {**os.environ, "PYTHONHASHSEED": str(hash_seed), **more}
