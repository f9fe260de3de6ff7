"""Every rule of the Vyper lint refuses a bad snippet and passes its good twin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from contracts.lint import OURS, SOURCES, Exceptions, lint

PRAGMA = "# pragma version ==0.4.3\n"
WHY = 'WHY: constant(String[32]) = "probe: a reason"\n'


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, the rule it is about, and the two twins."""

    name: str
    rule: str
    bad: str
    good: str


def function(body: str, declared: str = "") -> str:
    """A contract with one function."""
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    head = "@payable\n@external\ndef probe(a: uint256, b: uint256):"
    return f"{PRAGMA}{declared}\n{head}\n{lines}\n"


ARRAYS = """
rows: DynArray[DynArray[uint256, 4], 4]
old: DynArray[DynArray[uint256, 4], 4]
row: DynArray[uint256, 4]
"""
NEXT = """
@internal
def _next() -> uint256:
    self.row.append(1)
    return 1

@internal
@pure
def _word() -> Bytes[32]:
    return b"word"

@internal
def _moved() -> Bytes[32]:
    self.row.append(1)
    return b"word"
"""

CASES = (
    Case(
        "another compiler version",
        "pragma",
        function("pass").replace("==0.4.3", "^0.4.3"),
        function("pass"),
    ),
    Case(
        "a version stated twice",
        "pragma",
        PRAGMA + function("pass"),
        "# nonreentrancy is stated below\n# pragma nonreentrancy on\n" + function("pass"),
    ),
    Case(
        "a compiler setting inside a source",
        "pragma",
        function("pass").replace(PRAGMA, PRAGMA + "# pragma optimize none\n"),
        function("pass").replace(PRAGMA, PRAGMA + "# pragmatic\n"),
    ),
    Case(
        "experimental code generation",
        "pragma",
        function("pass").replace(PRAGMA, PRAGMA + "# pragma experimental-codegen\n"),
        function("pass"),
    ),
    Case("a letter beyond ASCII", "ascii", function("pass  # ½"), function("pass  # 1/2")),
    Case("a form feed", "ascii", function("pass  # \f"), function("pass  # ff")),
    Case("a line separator", "ascii", function("pass  # \u2028"), function("pass  # ls")),
    Case("a byte order mark", "ascii", "\ufeff" + function("pass"), function("pass")),
    Case("a tab", "ascii", function("pass\t# tab"), function("pass # tab")),
    Case(
        "a conditional between arrays",
        "ternary",
        function("x: DynArray[uint256, 4] = self.row if a > b else []", ARRAYS),
        function("x: uint256 = self.row[0] if a > b else 0", ARRAYS),
    ),
    Case(
        "a conditional between nested arrays",
        "ternary",
        function("x: DynArray[DynArray[uint256, 4], 4] = self.rows if a > b else self.old", ARRAYS),
        function("x: uint256 = len(self.rows) if a > b else len(self.row)", ARRAYS),
    ),
    Case(
        "a conditional between byte strings",
        "ternary",
        function('x: Bytes[4] = b"yes" if a > b else b"no"'),
        function("x: bytes4 = 0x00000001 if a > b else 0x00000002"),
    ),
    Case(
        "a conditional that reads msg.value",
        "ternary",
        function("x: uint256 = msg.value if a > b else 0"),
        function("x: uint256 = block.number if a > b else 0"),
    ),
    Case(
        "a conditional that reads the length of msg.data",
        "ternary",
        function("x: uint256 = a if len(msg.data) > b else 0"),
        function("x: uint256 = a if block.number > b else 0"),
    ),
    Case(
        "a conditional with a bitwise or",
        "ternary",
        function("x: uint256 = a | 1 if a > b else 0"),
        function("x: uint256 = a & 1 if a > b else 0"),
    ),
    Case(
        "a contract created from a blueprint",
        "banned",
        function("x: address = create_from_blueprint(msg.sender)"),
        function("x: address = create_minimal_proxy_to(msg.sender)"),
    ),
    Case(
        "a contract created from raw bytes",
        "banned",
        function('x: address = raw_create(b"code")'),
        function('x: bytes32 = keccak256(b"code")'),
    ),
    Case(
        "a raw log",
        "banned",
        function('raw_log([keccak256("Seen()")], b"")'),
        function("log Seen()", "event Seen: pass\n"),
    ),
    Case("a raw revert", "banned", function('raw_revert(b"no")'), function("raise WHY", WHY)),
    Case(
        "a square root",
        "banned",
        function("x: decimal = math.sqrt(2.0)", "import math\n"),
        function("x: uint256 = isqrt(a)"),
    ),
    Case(
        "a raw return",
        "banned",
        PRAGMA + '@raw_return\n@external\ndef probe() -> Bytes[4]:\n    return b"raw"\n',
        PRAGMA + '@external\ndef probe() -> Bytes[4]:\n    return b"raw"\n',
    ),
    Case(
        "a raw call that nobody listed",
        "raw-call",
        function('raw_call(msg.sender, b"")'),
        function(
            "extcall Peer(msg.sender).ping()", "interface Peer:\n    def ping(): nonpayable\n"
        ),
    ),
    Case(
        "a call beside an augmented array element",
        "augmented",
        function("self.row[0] += self._next()", ARRAYS + NEXT),
        function("step: uint256 = self._next()\nself.row[0] += step", ARRAYS + NEXT),
    ),
    Case(
        "a call beside an augmented nested array element",
        "augmented",
        function("self.rows[0][1] += self._next()", ARRAYS + NEXT),
        function("self.row[0] += a", ARRAYS + NEXT),
    ),
    Case(
        "a state change inside slice",
        "side-effect",
        function("x: Bytes[2] = slice(self._moved(), 0, 2)", ARRAYS + NEXT),
        function("x: Bytes[2] = slice(self._word(), 0, 2)", ARRAYS + NEXT),
    ),
    Case(
        "a state change inside concat",
        "side-effect",
        function('x: Bytes[64] = concat(self._moved(), b"x")', ARRAYS + NEXT),
        function('x: Bytes[64] = concat(self._word(), b"x")', ARRAYS + NEXT),
    ),
    Case(
        "an array popped inside concat",
        "side-effect",
        function('x: Bytes[64] = concat(convert(self.row.pop(), bytes32), b"x")', ARRAYS),
        function('x: Bytes[64] = concat(convert(self.row[0], bytes32), b"x")', ARRAYS),
    ),
    Case("a silent assert", "reason", function("assert a > b"), function("assert a > b, WHY", WHY)),
    Case(
        "a reason written in place",
        "reason",
        function('assert a > b, "probe: a reason"'),
        function("assert a > b, WHY", WHY),
    ),
    Case("a silent raise", "reason", function("raise"), function("raise WHY", WHY)),
    Case(
        "a reason longer than a word",
        "reason",
        function("assert a > b, WHY", WHY.replace("32", "64")),
        function("assert a > b, WHY", WHY),
    ),
    Case(
        "an unreachable branch that nobody listed",
        "unreachable",
        function("assert a > b, UNREACHABLE"),
        function("assert a > b, WHY", WHY),
    ),
    Case(
        "a reason that does not name its module",
        "reason-text",
        function("assert a > b, WHY", WHY.replace("probe: ", "")),
        function("assert a > b, WHY", WHY),
    ),
    Case(
        "one reason for two causes",
        "reason-unique",
        PRAGMA + WHY + WHY.replace("WHY", "WHEN"),
        PRAGMA + WHY + WHY.replace("WHY", "WHEN").replace("reason", "date"),
    ),
    Case(
        "a constant named like a parameter elsewhere",
        "shadowed-constant",
        PRAGMA + "count: constant(uint256) = 1\n",
        PRAGMA + "COUNT: constant(uint256) = 1\n",
    ),
    Case(
        "a constant named like a local elsewhere",
        "shadowed-constant",
        PRAGMA + "total: constant(uint256) = 1\n",
        PRAGMA + "TOTAL: constant(uint256) = 1\n",
    ),
    Case(
        "an immutable named like a loop variable elsewhere",
        "shadowed-constant",
        PRAGMA + "peer: immutable(uint256)\n@deploy\ndef __init__():\n    peer = 1\n",
        PRAGMA + "_PEER: immutable(uint256)\n@deploy\ndef __init__():\n    _PEER = 1\n",
    ),
    Case("a source that does not compile", "compile", function("x: uint256 = c"), function("pass")),
)
LOOP = f"""{PRAGMA}
@external
def walk(count: uint256):
    total: uint256 = count
    for peer: uint256 in range(2):
        total += peer
"""


def rules(root: Path, **files: str) -> set[str]:
    """The rules that files of these names and texts break."""
    for name, text in files.items():
        (root / f"{name}.vy").write_text(text, encoding="utf-8")
    return {finding.rule for finding in lint(root, Exceptions())}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_snippet_is_refused_by_its_rule(case: Case, tmp_path: Path) -> None:
    assert rules(tmp_path, probe=case.bad, walker=LOOP) == {case.rule}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_good_twin_passes_every_rule(case: Case, tmp_path: Path) -> None:
    assert rules(tmp_path, probe=case.good, walker=LOOP) == set()


MODULE = PRAGMA + "@internal\ndef _add(a: uint256, b: uint256{}) -> uint256:\n    return a + b\n"
USER = PRAGMA + "import part\n@external\ndef sum() -> uint256:\n    return part._add(1, 2)\n"


def test_default_arguments_in_an_imported_module_are_refused(tmp_path: Path) -> None:
    assert rules(tmp_path, part=MODULE.format(" = 2"), user=USER) == {"default-arguments"}


def test_default_arguments_of_a_contract_that_nobody_imports_pass(tmp_path: Path) -> None:
    assert rules(tmp_path, part=MODULE.format(" = 2"), user=LOOP) == set()


def test_an_imported_module_without_default_arguments_passes(tmp_path: Path) -> None:
    assert rules(tmp_path, part=MODULE.format(""), user=USER) == set()


def test_the_same_reason_in_two_files_is_refused(tmp_path: Path) -> None:
    assert rules(tmp_path, one=PRAGMA + WHY, two=PRAGMA + WHY) == {"reason-unique"}


def test_a_finding_names_file_line_and_rule(tmp_path: Path) -> None:
    (tmp_path / "probe.vy").write_text(function("assert a > b"))
    (finding,) = lint(tmp_path, Exceptions())
    assert str(finding) == "probe.vy:6: reason: name a constant(String[32])"


def test_a_listed_raw_call_passes_in_its_place_only(tmp_path: Path) -> None:
    (tmp_path / "probe.vy").write_text(function('raw_call(msg.sender, b"")'))
    assert lint(tmp_path, Exceptions(raw_calls={"probe.vy:probe": "reviewed"})) == ()
    elsewhere = lint(tmp_path, Exceptions(raw_calls={"probe.vy:other": "reviewed"}))
    assert [finding.rule for finding in elsewhere] == ["exception", "raw-call"]


def test_a_listed_unreachable_branch_passes(tmp_path: Path) -> None:
    (tmp_path / "probe.vy").write_text(function("assert a > b, UNREACHABLE"))
    assert lint(tmp_path, Exceptions(unreachable={"probe.vy:probe": "a > b by then"})) == ()


def test_an_exception_for_one_rule_does_not_excuse_another(tmp_path: Path) -> None:
    (tmp_path / "probe.vy").write_text(function('raw_call(msg.sender, b"")'))
    findings = lint(tmp_path, Exceptions(unreachable={"probe.vy:probe": "never"}))
    assert [finding.rule for finding in findings] == ["exception", "raw-call"]


def test_an_exception_that_nothing_needs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "probe.vy").write_text(function("pass"))
    (finding,) = lint(tmp_path, Exceptions(raw_calls={"probe.vy:probe": "reviewed"}))
    assert finding.rule == "exception"


def test_every_exception_has_a_reason() -> None:
    assert all({**OURS.raw_calls, **OURS.unreachable}.values())


def test_our_contracts_pass() -> None:
    assert [str(finding) for finding in lint(SOURCES)] == []
