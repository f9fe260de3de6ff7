"""Refuse Vyper that meets a known compiler fault, and reverts that say nothing.

Vyper 0.4.3 has open faults (CVE-2026-114114 to 114118 and 114663) that no release mends; some of
them show in neither an optimised nor a plain build, so the sources must avoid what triggers them.
``python -m contracts.lint`` reads every file below ``contracts/`` and prints what it finds.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from vyper.ast import nodes
from vyper.exceptions import VyperException

from contracts.lint_rules import RULES, UNREACHABLE, constant_names, local_names, reasons
from contracts.lint_source import Finding, Source, load, text_findings

SOURCES = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Places ("file:function") where a rule may be broken, each with the reason why."""

    raw_calls: Mapping[str, str] = field(default_factory=dict)
    unreachable: Mapping[str, str] = field(default_factory=dict)

    def allows(self, finding: Finding) -> bool:
        """Whether this very place is listed for this very rule."""
        return (finding.rule, finding.place) in self.listed()

    def listed(self) -> set[tuple[str, str]]:
        """Every (rule, place) with an exception."""
        return {("raw-call", place) for place in self.raw_calls} | {
            (UNREACHABLE, place) for place in self.unreachable
        }


OURS = Exceptions(
    raw_calls=MappingProxyType(
        {
            "modules/legs.vy:_place": "a token that reverts declines; the batch still stands",
            "modules/legs.vy:_deliver_leg": "a broken token must not undo the other legs' delivery",
            "settlement.vy:_attempt_signed": "asks itself for the id of a member it then skips",
            "settlement.vy:_attempt": "calls itself, so that a failing member undoes only itself",
        }
    ),
    unreachable=MappingProxyType({}),
)


def lint(root: Path, exceptions: Exceptions = OURS) -> tuple[Finding, ...]:
    """Everything wrong in the Vyper files below ``root``, in order of file and line."""
    findings: list[Finding] = []
    sources: list[Source] = []
    for path in sorted([*root.rglob("*.vy"), *root.rglob("*.vyi")]):
        wrong = tuple(text_findings(path, root))
        findings += wrong
        if wrong:
            continue
        try:
            sources.append(load(path, root))
        except VyperException as error:
            first_line = str(error).strip().partition("\n")[0]
            findings.append(Finding(path.relative_to(root).as_posix(), 1, "compile", first_line))
    findings += _tree_findings(sources, exceptions)
    return tuple(sorted(findings))


def _tree_findings(sources: list[Source], exceptions: Exceptions) -> Iterator[Finding]:
    broken = [finding for source in sources for rule in RULES for finding in rule(source)]
    yield from (finding for finding in broken if not exceptions.allows(finding))
    yield from _unused(exceptions, broken)
    yield from _defaults_in_modules(sources)
    yield from _shadowed_constants(sources)
    yield from _shared_reasons(sources)


def _unused(exceptions: Exceptions, broken: Iterable[Finding]) -> Iterator[Finding]:
    """An exception that nothing needs any more would let the next mistake through."""
    needed = {(finding.rule, finding.place) for finding in broken}
    for rule, place in sorted(exceptions.listed() - needed):
        file, _, function = place.partition(":")
        yield Finding(file, 1, "exception", f"{rule} is listed, but {function} does not need it")


def _defaults_in_modules(sources: list[Source]) -> Iterator[Finding]:
    imported = {name for source in sources for name in source.imported}
    for source in sources:
        if source.path not in imported:
            continue
        for function in source.tree.get_children(nodes.FunctionDef):
            if function.args.defaults:
                message = f"{function.name} has default arguments in an imported module"
                yield Finding(source.path, function.lineno, "default-arguments", message)


def _shadowed_constants(sources: list[Source]) -> Iterator[Finding]:
    used = {name: source.path for source in sources for name in local_names(source)}
    for source in sources:
        for name, line in constant_names(source):
            if name in used:
                message = f"{name} is also a parameter or local in {used[name]}"
                yield Finding(source.path, line, "shadowed-constant", message)


def _shared_reasons(sources: list[Source]) -> Iterator[Finding]:
    """A reason names one cause: the same text twice could not be told apart in a trace."""
    places: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for source in sources:
        for reason in reasons(source):
            places[reason.text].append((source.path, reason.line))
    for text, found in places.items():
        for path, line in found[1:]:
            first = f"{found[0][0]}:{found[0][1]}"
            yield Finding(path, line, "reason-unique", f"{text!r} stands in {first} already")


def main() -> int:
    """Print every finding; 1 when there is one."""
    findings = lint(SOURCES)
    for finding in findings:
        print(f"contracts/{finding}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
