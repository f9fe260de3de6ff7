"""Peers are found where npm puts them, or one line says how to put them there."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest

from bench import peers
from bench.peers.installed import (
    ANVIL,
    FOLDER_VARIABLE,
    HARDHAT,
    NODE,
    PINNED,
    ROOT,
    install_command,
)

Installed = dict[str, str]


@pytest.fixture(autouse=True)
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")


def installed(folder: Path, versions: Installed) -> dict[str, str]:
    """The environment in which packages of these versions are installed."""
    for name, version in versions.items():
        package = folder / "node_modules" / name
        package.mkdir(parents=True)
        (package / "package.json").write_text(json.dumps({"version": version}))
    return {FOLDER_VARIABLE: str(folder)}


def test_peers_are_found_with_their_versions(tmp_path: Path) -> None:
    found = peers.available(installed(tmp_path, PINNED))
    assert isinstance(found, peers.Peers)
    assert found.versions == PINNED
    assert found.anvil == tmp_path / "node_modules" / ANVIL / "bin" / "anvil"
    assert found.node == tmp_path / "node_modules" / NODE / "bin" / "node"


def test_absent_peers_are_one_line_with_the_command(tmp_path: Path) -> None:
    why = peers.available(installed(tmp_path, {}))
    assert isinstance(why, str)
    assert "\n" not in why
    assert f"npm install --prefix {tmp_path} --ignore-scripts hardhat@3.18.0 " in why
    assert all(f"{name}@{version}" in why for name, version in PINNED.items())


@pytest.mark.parametrize("changed", [{HARDHAT: "3.17.0"}, {ANVIL: "1.7.2"}])
def test_other_versions_than_the_pinned_are_not_measured(
    changed: Installed, tmp_path: Path
) -> None:
    assert isinstance(peers.available(installed(tmp_path, PINNED | changed)), str)


def test_without_a_choice_they_are_expected_in_the_checkout() -> None:
    found = peers.available({})
    if isinstance(found, peers.Peers):
        assert found.folder == ROOT / ".cache" / "peers"
    else:
        assert "--prefix .cache/peers " in found


def test_the_page_about_performance_has_the_command() -> None:
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert install_command() in page


def test_another_system_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    assert "Linux x86_64 only" in str(peers.available(installed(tmp_path, PINNED)))
