"""What the pages say is true: targets, links, paths, exit codes and options exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from bridge.commandline.app import app
from bridge.errors import ExitCode
from bridge.testbed.scenario import Policy
from tests.support.command_line import main_py

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(
    sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=lambda page: page.as_posix())
)
README = ROOT / "README.md"

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MAKE = re.compile(r"(?:^|`)make ([a-z]+)\b", re.MULTILINE)
TARGET = re.compile(r"^([a-z]+):.*## ", re.MULTILINE)
CODE = re.compile(r"`([\w.-]+/[\w./-]*)`")
EXIT_ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)


def name(page: Path) -> str:
    """A page's path from the root."""
    return page.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """The headings of a page as a link names them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def every_command(group: TyperGroup, before: str = "") -> Iterator[tuple[str, TyperCommand]]:
    """The commands with their names as one types them, those in groups included."""
    for called, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from every_command(command, f"{before}{called} ")
        elif isinstance(command, TyperCommand):
            yield f"{before}{called}", command


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    assert set(MAKE.findall(page.read_text(encoding="utf-8"))) <= targets


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_of_a_page_resolves(page: Path) -> None:
    dead = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    named = CODE.findall(page.read_text(encoding="utf-8"))
    missing = [path for path in named if not path.startswith(".venv/")]
    assert [path for path in missing if not (ROOT / path).exists()] == []


def test_the_readme_names_the_two_commands() -> None:
    assert {"run", "test"} <= set(MAKE.findall(README.read_text(encoding="utf-8")))


def test_the_readme_lists_every_exit_code() -> None:
    listed = EXIT_ROW.findall(README.read_text(encoding="utf-8"))
    assert [int(code) for code in listed] == sorted(ExitCode)


def test_the_glossary_names_every_policy() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    (row,) = re.findall(r"^\| policy \| [^:]+: ([^|]+) \|", glossary, re.MULTILINE)
    assert row.split(", ") == list(get_args(Policy))


def test_the_readme_names_every_command_and_option() -> None:
    text = README.read_text(encoding="utf-8")
    commands = dict(every_command(typer.main.get_group(app)))
    assert {"run", "proof verify"} <= set(commands)
    named = {f" {name}" for name in commands}
    named |= {
        option
        for command in commands.values()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert {name for name in named if name not in text} == set()
    assert "--json" in named


def test_help_names_every_command() -> None:
    out = main_py("--help").out
    for called in dict(every_command(typer.main.get_group(app))):
        assert re.search(rf"\b{called.split()[0]}\b", out), called
