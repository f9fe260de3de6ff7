"""What every test run needs before the first import, and how hard hypothesis tries."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ["ETH_HASH_BACKEND"] = "pysha3"

# Deadlines would make a test depend on how busy the machine is.
settings.register_profile("default", deadline=None, derandomize=True, max_examples=50)
settings.register_profile(
    "nightly", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("default")

HAS_BARE_EVM = find_spec("pyrevm") is not None
NEEDS_BARE_EVM = re.compile(r"^(from|import) .*\b(bare_evm|pyrevm)\b", re.MULTILINE)


def pytest_report_header() -> str:
    """Say so when part of the suite cannot run here."""
    if HAS_BARE_EVM:
        return "bare EVM: pyrevm"
    return "bare EVM: no pyrevm for this Python or machine; the sweeps on it are left out"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the sweeps where pyrevm is not published; each has a sample on a real engine."""
    if HAS_BARE_EVM or collection_path.suffix != ".py":
        return None
    found = NEEDS_BARE_EVM.search(collection_path.read_text(encoding="utf-8"))
    return True if found else None
