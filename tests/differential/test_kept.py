"""Stories that were kept: both engines still tell them alike.

A failing random story is written to ``kept/found.json`` in its smallest form. Give it a name that
says what was wrong, and commit it with the repair.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.differential.duel import KEPT, load


@pytest.mark.filterwarnings("ignore:SELFDESTRUCT:DeprecationWarning")
@pytest.mark.parametrize("path", sorted(KEPT.glob("*.json")), ids=lambda path: path.stem)
def test_a_kept_story_is_the_same_on_both_engines(path: Path) -> None:
    duel = load(path)
    assert duel.fast.block(duel.fast.latest) == duel.reference.block(duel.reference.latest)


@pytest.mark.filterwarnings("ignore:SELFDESTRUCT:DeprecationWarning")
def test_what_fails_is_kept_and_can_be_told_again(tmp_path: Path) -> None:
    first = load(sorted(KEPT.glob("*.json"))[0])
    with pytest.raises(ZeroDivisionError), first.kept_if_it_fails(tmp_path):
        raise ZeroDivisionError
    again = load(tmp_path / "found.json")
    assert again.fast.block(again.fast.latest) == first.fast.block(first.fast.latest)
