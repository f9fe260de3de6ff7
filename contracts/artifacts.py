"""Compile our Vyper contracts, and keep what was compiled.

``load("settlement")`` gives the ABI and bytecode of ``contracts/settlement.vy``. Compiling takes
seconds, so artifacts are cached by everything that can change them: the contract's source, every
module and interface beside it, the compiler's version and its settings.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

from eth_utils.crypto import keccak

Optimize = Literal["gas", "none"]
Abi = list[dict[str, Any]]

SOURCES = Path(__file__).resolve().parent
COMPILER_VERSION = "0.4.3"
EVM_VERSION = "shanghai"
CACHE_VARIABLE = "LOCKSTEP_CACHE"


class UnknownContract(Exception):
    """There is no ``contracts/<name>.vy``."""

    code = "E-CONTRACT-UNKNOWN"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no contract {name!r}; known: {', '.join(names())}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Artifact:
    """One compiled contract.

    ``runtime`` is what the compiler emits for the deployed code; immutables, where a contract has
    any, are appended to it on chain. ``notices`` maps a function's signature to its @notice.
    """

    name: str
    abi: Abi
    bytecode: bytes
    runtime: bytes
    notices: dict[str, str]
    source_hash: str

    @property
    def code_hash(self) -> bytes:
        """keccak of the runtime code: EXTCODEHASH of a contract without immutables."""
        return keccak(self.runtime)


def prepare(optimize: Optimize = "gas") -> None:
    """Compile what the cache does not have yet, several contracts at a time, longest first."""
    missing = [name for name in names() if not _stored(SOURCES / f"{name}.vy", optimize).is_file()]
    if len(missing) < 2:
        return
    missing.sort(key=_size, reverse=True)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        list(processes.map(load, missing, [optimize] * len(missing)))


def names() -> tuple[str, ...]:
    """The contracts that can be deployed, sorted."""
    return tuple(sorted(path.stem for path in SOURCES.glob("*.vy")))


@cache
def load(name: str, optimize: Optimize = "gas") -> Artifact:
    """The artifact of ``contracts/<name>.vy``. Raises UnknownContract."""
    return load_file(SOURCES / f"{name}.vy", optimize)


@cache
def load_file(path: Path, optimize: Optimize = "gas") -> Artifact:
    """The artifact of any Vyper file that may import our modules, such as a hostile token."""
    if not path.is_file():
        raise UnknownContract(path.stem)
    stored = _stored(path, optimize)
    if stored.is_file():
        return _from_json(stored.read_text(encoding="utf-8"))
    artifact = _compile(path, optimize, _fingerprint(path, optimize))
    _store(stored, artifact)
    return artifact


def _compile(path: Path, optimize: Optimize, fingerprint: str) -> Artifact:
    from vyper.cli.vyper_compile import compile_files
    from vyper.compiler.settings import OptimizationLevel, Settings

    wanted = OptimizationLevel.GAS if optimize == "gas" else OptimizationLevel.NONE
    outputs = compile_files(
        [str(path)],
        ["abi", "bytecode", "bytecode_runtime", "userdoc"],
        paths=[str(path.parent), str(SOURCES)],
        settings=Settings(optimize=wanted, evm_version=EVM_VERSION),
        # Only tests use the plain build; it may be larger than chains allow.
        warnings_control="none" if optimize == "none" else None,
    )
    (output,) = outputs.values()
    notices = {
        signature: str(doc["notice"])
        for signature, doc in output["userdoc"].get("methods", {}).items()
        if "notice" in doc
    }
    return Artifact(
        name=path.stem,
        abi=json.loads(json.dumps(output["abi"])),
        bytecode=bytes.fromhex(output["bytecode"][2:]),
        runtime=bytes.fromhex(output["bytecode_runtime"][2:]),
        notices=notices,
        source_hash=fingerprint,
    )


def _stored(path: Path, optimize: Optimize) -> Path:
    name = f"{path.stem}-{optimize}-{_fingerprint(path, optimize)[:32]}.json"
    return _cache_directory() / name


def _fingerprint(path: Path, optimize: Optimize) -> str:
    """Hash of the sources this contract reaches through its imports, and of the settings."""
    digest = hashlib.sha256(f"{COMPILER_VERSION} {EVM_VERSION} {optimize}\n".encode())
    for source in sorted(_reachable(path)):
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()


def _size(name: str) -> int:
    return sum(source.stat().st_size for source in _reachable(SOURCES / f"{name}.vy"))


_IMPORT = re.compile(r"^\s*(?:from\s+\S+\s+)?import\s+(\w+)", re.MULTILINE)


def _reachable(path: Path) -> set[Path]:
    known: set[Path] = set()
    waiting = [path]
    while waiting:
        source = waiting.pop()
        if source in known:
            continue
        known.add(source)
        for imported in _IMPORT.findall(source.read_text(encoding="utf-8")):
            for folder in (SOURCES / "modules", SOURCES / "interfaces", source.parent):
                waiting += [p for p in folder.glob(f"{imported}.vy*") if p.is_file()]
    return known


def _cache_directory() -> Path:
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen) / "artifacts"
    return SOURCES.parent / ".cache" / "artifacts"


def _store(target: Path, artifact: Artifact) -> None:
    text = json.dumps(
        {
            "name": artifact.name,
            "abi": artifact.abi,
            "bytecode": artifact.bytecode.hex(),
            "runtime": artifact.runtime.hex(),
            "notices": artifact.notices,
            "source_hash": artifact.source_hash,
        }
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(temporary).replace(target)


def _from_json(text: str) -> Artifact:
    fields = json.loads(text)
    return Artifact(
        name=fields["name"],
        abi=fields["abi"],
        bytecode=bytes.fromhex(fields["bytecode"]),
        runtime=bytes.fromhex(fields["runtime"]),
        notices=fields["notices"],
        source_hash=fields["source_hash"],
    )
