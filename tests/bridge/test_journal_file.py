"""A written journal reads back exactly, and nothing else is taken for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridge.errors import JournalError
from bridge.journal_file import read_journal
from bridge.readmodel import ReadModel
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.testbed import Testbed


@pytest.fixture(scope="module")
def lines() -> tuple[bytes, ...]:
    testbed = Testbed.from_scenario(load_scenario("dvp"))
    testbed.run()
    return tuple(testbed.journal.lines())


def written(folder: Path, *lines: bytes) -> Path:
    file = folder / "journal.jsonl"
    file.write_bytes(b"".join(lines))
    return file


def test_a_journal_reads_back_to_the_same_hash_and_meaning(
    tmp_path: Path, lines: tuple[bytes, ...]
) -> None:
    journal = read_journal(written(tmp_path, *lines))
    assert tuple(journal.lines()) == lines
    assert ReadModel.of(journal).count("settled") == 2


def test_a_run_s_directory_serves_as_well_as_its_file(
    tmp_path: Path, lines: tuple[bytes, ...]
) -> None:
    written(tmp_path, *lines)
    assert len(read_journal(tmp_path)) == len(lines) - 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda line: line[:-1], "E-JOURNAL-CUT"),
        (lambda line: line.replace(b":", b": ", 1), "E-JOURNAL-LINE"),
        (lambda line: line.replace(b'"sequence":', b'"sequence":1'), "E-JOURNAL-LINE"),
        (lambda _line: b"{}\n", "E-JOURNAL-LINE"),
        (lambda _line: b"[1]\n", "E-JOURNAL-LINE"),
        (lambda _line: b"\xff\xfe\n", "E-JOURNAL-LINE"),
        (lambda _line: b"[" * 200_000 + b"\n", "E-JOURNAL-LINE"),
        (lambda _line: b'{"at_ms":0,"event":"Journal","sequence":5}\n', "E-JOURNAL-LINE"),
    ],
    ids=["cut", "spaced", "renumbered", "empty", "a list", "no text", "deep", "no event"],
)
def test_a_line_that_no_run_writes_is_named(
    tmp_path: Path, lines: tuple[bytes, ...], change: object, code: str
) -> None:
    assert callable(change)
    file = written(tmp_path, *lines[:6], change(lines[6]))
    with pytest.raises(JournalError) as caught:
        read_journal(file)
    assert (caught.value.code, caught.value.where.line) == (code, 7)


def test_a_line_out_of_order_is_refused(tmp_path: Path, lines: tuple[bytes, ...]) -> None:
    with pytest.raises(JournalError) as caught:
        read_journal(written(tmp_path, *lines[:6], lines[7]))
    assert caught.value.where.line == 7


@pytest.mark.parametrize("content", [b"", b"hello\n", b'{"journal":"lockstep","schema":99}\n'])
def test_what_is_no_journal_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(JournalError):
        read_journal(written(tmp_path, content))


def test_a_missing_journal_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="there is no journal here"):
        read_journal(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "fields",
    [
        {"height": "abc"},
        {"height": True},
        {"height": 1.0},
        {"chain": 7},
        {"chain": False},
        {"at_ms": "0"},
        {"at_ms": True},
        {"at_ms": 0.5},
    ],
    ids=str,
)
def test_a_value_of_another_type_than_its_field_is_named(
    tmp_path: Path, lines: tuple[bytes, ...], fields: dict[str, object]
) -> None:
    honest = {"at_ms": 0, "chain": "london", "event": "BlockSealed", "height": 1, "sequence": 0}
    assert len(read_journal(written(tmp_path, lines[0], as_line(honest)))) == 1
    with pytest.raises(JournalError, match="E-JOURNAL-LINE"):
        read_journal(written(tmp_path, lines[0], as_line({**honest, **fields})))


def as_line(body: dict[str, object]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode() + b"\n"
