"""What every test run needs before the first import, and how hard hypothesis tries."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ["ETH_HASH_BACKEND"] = "pysha3"

# Deadlines would make a test depend on how busy the machine is.
settings.register_profile("default", deadline=None, derandomize=True, max_examples=50)
settings.register_profile(
    "nightly",
    deadline=None,
    derandomize=False,  # also where hypothesis thinks that it is in CI
    max_examples=1000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("default")

ROOT = Path(__file__).resolve().parent
HAS_BARE_EVM = find_spec("pyrevm") is not None
HAS_SCREEN = all(map(shutil.which, ("Xvfb", "xdotool", "openbox")))
IMPORTED = re.compile(
    r"^(?:from|import) (pyrevm|chains\.revm(?:_binding)?|tests(?:\.\w+)+)\b", re.MULTILINE
)


def pytest_report_header() -> tuple[str, ...]:
    """Say so when part of the suite cannot run here."""
    evm = "pyrevm" if HAS_BARE_EVM else "no pyrevm for this Python or machine; its tests left out"
    screen = (
        "Xvfb"
        if HAS_SCREEN
        else "no Xvfb, xdotool and openbox; tests/gui/test_real_program.py left out"
    )
    return (f"bare EVM: {evm}", f"screen: {screen}")


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
