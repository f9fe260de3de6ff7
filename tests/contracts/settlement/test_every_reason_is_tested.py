"""No revert reason without a test: each one is named by a test other than this."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
REASON = re.compile(r'^(\w+): constant\(String\[\d+\]\) = "([^"]+)"$', re.MULTILINE)


def reasons() -> dict[str, str]:
    """Every reason, with where it is declared."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "contracts").rglob("*.vy")):
        for name, text in REASON.findall(path.read_text(encoding="utf-8")):
            assert text not in found, f"{text!r} is declared twice"
            found[text] = f"{path.relative_to(ROOT)}:{name}"
    return found


def sources_of_tests() -> str:
    """The source of every test of a contract."""
    tests = sorted((ROOT / "tests" / "contracts").rglob("test_*.py"))
    return "\n".join(p.read_text(encoding="utf-8") for p in tests if p != Path(__file__))


TESTED = sources_of_tests()


@pytest.mark.parametrize("reason", reasons())
def test_a_reason_is_named_by_a_test(reason: str) -> None:
    assert f'"{reason}"' in TESTED, f"{reasons()[reason]} has no test"


def test_reasons_are_found() -> None:
    assert len(reasons()) > 100


def test_a_reason_that_no_test_names_would_be_found() -> None:
    assert '"settlement: there is no such ' + 'reason"' not in TESTED
