"""A Vyper file as the lint sees it: its text, then its tree with the compiler's types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vyper.ast import nodes
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.phases import CompilerData
from vyper.compiler.settings import Settings

from contracts.artifacts import EVM_VERSION

PRAGMA = re.compile(r"^#\s*pragma\s+(.*?)\s*$", re.MULTILINE)
VERSION = re.compile(r"version\s+==0\.4\.3")
OTHER_PRAGMAS = frozenset({"nonreentrancy on"})


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One line of one file that breaks one rule."""

    path: str
    line: int
    rule: str
    message: str
    function: str = ""

    @property
    def place(self) -> str:
        """What an exception is listed under: "file:function"."""
        return f"{self.path}:{self.function}"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class Source:
    """One parsed file; ``imported`` are the paths of the modules it imports."""

    path: str
    tree: nodes.Module
    imported: frozenset[str]

    def finding(self, node: nodes.VyperNode, rule: str, message: str) -> Finding:
        """A finding at a node, with the function around it."""
        function = node.get_ancestor(nodes.FunctionDef)
        name = "" if function is None else str(function.name)
        return Finding(self.path, node.lineno, rule, message, name)


def load(path: Path, root: Path) -> Source:
    """Parse a file and let the compiler annotate it. Raises VyperException."""
    bundle = FilesystemInputBundle([root, path.parent])
    data = CompilerData(
        bundle.load_file(path), input_bundle=bundle, settings=Settings(evm_version=EVM_VERSION)
    )
    tree = data.annotated_vyper_module
    modules = tree._metadata["type"].imported_modules.values()
    imported = {Path(module.module_t._module.resolved_path) for module in modules}
    names = {found.relative_to(root).as_posix() for found in imported if root in found.parents}
    return Source(path.relative_to(root).as_posix(), tree, frozenset(names))


def text_findings(path: Path, root: Path) -> Iterator[Finding]:
    """What is wrong before parsing: odd bytes (CVE-2026-114114, -114116) and compiler settings."""
    name = path.relative_to(root).as_posix()
    data = path.read_bytes()
    for number, line in enumerate(data.split(b"\n"), start=1):
        odd = sorted({byte for byte in line if not 0x20 <= byte < 0x7F})
        if odd:
            yield Finding(name, number, "ascii", f"byte 0x{odd[0]:02x} is not printable ASCII")
    pragmas = PRAGMA.findall(data.decode("ascii", errors="ignore"))
    if sum(VERSION.fullmatch(pragma) is not None for pragma in pragmas) != 1:
        yield Finding(name, 1, "pragma", "wants exactly one '# pragma version ==0.4.3'")
    for pragma in pragmas:
        if VERSION.fullmatch(pragma) is None and pragma not in OTHER_PRAGMAS:
            yield Finding(name, 1, "pragma", f"{pragma!r}: settings are given in artifacts.py")
