"""The same scenario and seed tell the same journal in any process, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.testbed.scenario_file import shipped_scenarios
from tests.support.shipped import SAMPLE, is_nightly, ran

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.testbed import Testbed

for name in sys.argv[1:]:
    testbed = Testbed.from_scenario(load_scenario(name))
    testbed.run()
    print(name, testbed.journal.sha256())
"""
NAMES = shipped_scenarios() if is_nightly() else SAMPLE


def journals(hash_seed: str) -> dict[str, str]:
    """The journal hash of every scenario of the sample, from a process of its own."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-c", PROGRAM, *NAMES]
    finished = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return dict(line.split() for line in finished.stdout.splitlines())


@pytest.mark.parametrize("hash_seed", ["1", "4242"])
def test_another_process_with_another_hash_seed_tells_the_same_journal(hash_seed: str) -> None:
    assert journals(hash_seed) == {name: ran(name).journal.sha256() for name in NAMES}


def test_no_two_scenarios_tell_the_same_journal() -> None:
    assert len({ran(name).journal.sha256() for name in NAMES}) == len(NAMES)
