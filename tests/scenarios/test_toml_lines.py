"""Lines of keys: right for every way in which TOML can write one."""

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.testbed.toml_lines import Path, key_lines
from tests.support.documents import GOOD


def paths_of(value: object, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else ()
    rows = enumerate(value) if isinstance(value, list) else ()
    for key, part in (*items, *rows):
        yield from paths_of(part, (*path, key))


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a = 1\nb = 2", ("b",), 2),
        ("[t]\n\na = 1", ("t", "a"), 3),
        ("[t]\n[t.u]\na = 1", ("t", "u", "a"), 3),
        ("[[r]]\na = 1\n[[r]]\na = 2", ("r", 1, "a"), 4),
        ("[[r]]\n[[r.s]]\na = 1\n[[r]]\n[[r.s]]\na = 2", ("r", 1, "s", 0, "a"), 6),
        ("t = { a = 1, b = 2 }\nc = 3", ("t", "b"), 1),
        ("l = [\n 1,\n 2,\n]\nc = 3", ("l", 1), 3),
        ("l = [\n { a = 1 },\n { a = 2 },\n]", ("l", 1, "a"), 3),
        ('a = """\n[t]\nb = 1\n"""\nb = 2', ("b",), 5),
        ("a = '''\nb = 1'''\nb = 2", ("b",), 3),
        ('a = "x # [y] = {z}"\nb = 2', ("b",), 2),
        ("# b = 1\nb = 2", ("b",), 2),
        ("a.b.c = 1\nd = 2", ("a", "b", "c"), 1),
        ('"quoted" = 1', ("quoted",), 1),
        ('["quoted"]\na = 1', ("quoted", "a"), 2),
        ("a = 2026-11-02T01:30:00Z\nb = 1.5\nc = 2", ("c",), 3),
    ],
)
def test_a_key_is_found_on_its_line(text: str, path: Path, line: int) -> None:
    assert key_lines(text)[path] == line


def test_every_key_of_a_scenario_is_found() -> None:
    lines = key_lines(GOOD)
    assert set(paths_of(tomllib.loads(GOOD))) <= lines.keys()


def test_a_key_that_is_not_there_has_no_line() -> None:
    assert ("seed",) not in key_lines(GOOD)


@given(st.text(alphabet="ab=.[]{}\"'#,\n 1\\", max_size=60))
def test_no_text_makes_the_scan_fail(text: str) -> None:
    assert all(line >= 1 for line in key_lines(text).values())
