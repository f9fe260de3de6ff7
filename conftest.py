"""What every test run needs before the first import, and how hard hypothesis tries."""

from __future__ import annotations

import os
import re
from functools import cache
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

ROOT = Path(__file__).resolve().parent
HAS_BARE_EVM = find_spec("pyrevm") is not None
IMPORTED = re.compile(
    r"^(?:from|import) (pyrevm|chains\.revm(?:_binding)?|tests(?:\.\w+)+)\b", re.MULTILINE
)


def pytest_report_header() -> str:
    """Say so when part of the suite cannot run here."""
    if HAS_BARE_EVM:
        return "bare EVM: pyrevm"
    return "bare EVM: no pyrevm for this Python or machine; the contract tests on it are left out"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what needs pyrevm where it is not published; a sample runs on a real engine."""
    if HAS_BARE_EVM:
        return None
    file = collection_path / "conftest.py" if collection_path.is_dir() else collection_path
    return True if needs_bare_evm(file) else None


@cache
def needs_bare_evm(file: Path) -> bool:
    """Whether a file imports pyrevm, itself or through other test files."""
    if file.suffix != ".py" or not file.is_file():
        return False
    imported = IMPORTED.findall(file.read_text(encoding="utf-8"))
    return any(
        not module.startswith("tests.")
        or needs_bare_evm(ROOT.joinpath(*module.split(".")).with_suffix(".py"))
        for module in imported
    )
