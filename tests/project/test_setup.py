"""The same versions everywhere, and one way to set them up."""

from __future__ import annotations

import re
import subprocess
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")
PINNED = re.compile(r"^[a-z0-9._-]+==[\w.!+]+( ;.*)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
COMMENT = re.compile(r"^(    )?#")


def pins(lock: str) -> dict[str, str]:
    """Package -> version of a lock."""
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    pinned = (line.split(" ")[0].partition("==") for line in lines if PINNED.match(line))
    return {name: version for name, _, version in pinned}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_pinned_version_or_its_hash(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    known = (PINNED, HASH, COMMENT)
    assert [line for line in lines if not any(form.match(line) for form in known)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_path(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"https?://|file:|--index-url|--find-links|\s/\w+", text) == []


def test_both_locks_agree_on_what_they_share() -> None:
    runtime, tools = (pins(lock) for lock in LOCKS)
    assert {name: runtime[name] for name in runtime.keys() & tools} == {
        name: tools[name] for name in runtime.keys() & tools
    }


def test_the_compiler_is_the_one_that_the_contracts_name() -> None:
    assert pins("requirements.txt")["vyper"] == "0.4.3"


def test_make_alone_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)
    (phony,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    answer = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.findall(r"^  make ([a-z]+)", answer.stdout, re.MULTILINE) == targets
    assert sorted(phony.split()) == sorted(targets)


def test_what_a_change_must_pass_is_what_a_desk_runs() -> None:
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in commands if line.startswith("make")] == ["make check", "make test"]


def named(*files: str) -> set[str]:
    """The packages that requirements files name."""
    lines = "\n".join((ROOT / file).read_text(encoding="utf-8") for file in files)
    return set(re.findall(r"^([a-z][a-z0-9-]*)", lines, re.MULTILINE))


def imported(*places: str) -> set[str]:
    """The packages from elsewhere that our own files import."""
    files = [file for place in places for file in ROOT.glob(place)]
    words = {
        word
        for file in files
        for word in re.findall(r"^\s*(?:from|import) (\w+)", file.read_text("utf-8"), re.MULTILINE)
    }
    homes = packages_distributions()
    return {homes[word][0].lower().replace("_", "-") for word in words & homes.keys()}


def test_whatever_lockstep_imports_is_named_as_a_requirement() -> None:
    ours = imported("main.py", "contracts/**/*.py", "chains/**/*.py", "bridge/**/*.py")
    assert "web3" in ours
    ours.discard("pytest")  # only pytest itself loads the plugin
    assert ours - named("requirements.in") == set()


def test_whatever_the_tests_import_is_named_as_a_requirement() -> None:
    ours = imported("conftest.py", "tests/**/*.py", "bench/**/*.py")
    assert "pytest" in ours
    assert ours - named("requirements.in", "requirements-dev.in") == set()
