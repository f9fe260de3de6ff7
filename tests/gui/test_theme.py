from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtGui import QColor

from gui.models.scene import StepState
from gui.theme import DARK, LIGHT, Theme

READABLE = 4.5
DISTINCT = 12.0

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def luminance(colour: str) -> float:
    exact = QColor(colour)
    parts = (exact.redF(), exact.greenF(), exact.blueF())
    linear = [c / 12.92 if c <= 0.03928 else float(((c + 0.055) / 1.055) ** 2.4) for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@THEMES
def test_every_text_is_readable_on_every_surface(theme: Theme) -> None:
    texts = (theme.text, theme.muted, theme.accent, *theme.states.values(), *theme.hues)
    faint = [(t, s) for t in texts for s in theme.surfaces if contrast(t, s) < READABLE]
    assert faint == []


@THEMES
def test_text_on_the_accent_and_on_tinted_states_is_readable(theme: Theme) -> None:
    assert contrast(theme.on_accent, theme.accent) >= READABLE
    for state in StepState:
        assert contrast(theme.text, theme.state_fill(state).name()) >= READABLE


def test_the_measure_itself_finds_a_faint_text() -> None:
    assert contrast("#AAAAAA", "#FFFFFF") < READABLE
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@THEMES
def test_every_state_has_a_colour_a_glyph_and_a_word_of_its_own(theme: Theme) -> None:
    assert len(set(theme.states.values())) == len(StepState)
    assert len({state.glyph for state in StepState}) == len(StepState)
    assert len({state.word for state in StepState}) == len(StepState)


@THEMES
def test_the_identity_colours_differ(theme: Theme) -> None:
    assert len(set(theme.hues)) == len(theme.hues)
    for one, other in combinations(theme.hues, 2):
        a, b = QColor(one), QColor(other)
        channels = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
        assert sum((x - y) ** 2 for x, y in channels) ** 0.5 > DISTINCT
