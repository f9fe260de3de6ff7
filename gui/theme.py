"""How everything looks: colours, fonts and the one style sheet, light and dark.

State colours were measured: at least 4.5:1 on every surface, and apart from each other for people
who see colours differently. A view asks ``current_theme()`` when it paints, never keeps a colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gui.models.scene import StepState

FONTS: Final = Path(__file__).with_name("fonts")
ICONS: Final = Path(__file__).with_name("icons")
SANS: Final = ("Inter", "Noto Sans SC")
MONO: Final = ("JetBrains Mono", "Noto Sans SC")
BASE_PT: Final = 10.0


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, as #RRGGBB; ``hues`` are the chains' identities in their order."""

    name: str
    is_dark: bool
    window: str
    surface: str
    surface_alt: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    states: Mapping[StepState, str]
    hues: tuple[str, ...]

    def state(self, state: StepState) -> QColor:
        """The colour of a state's text and lines."""
        return QColor(self.states[state])

    def state_fill(self, state: StepState) -> QColor:
        """The same, thin enough for the ordinary text to stand on it."""
        return mixed(self.states[state], self.surface, 0.24 if self.is_dark else 0.20)

    def hue(self, hue: int) -> QColor:
        """The identity colour of the chain at this place."""
        return QColor(self.hues[hue % len(self.hues)])

    def hue_fill(self, hue: int, strength: float = 0.14) -> QColor:
        """The identity colour as a background; a lane takes less of it than a block."""
        return mixed(self.hues[hue % len(self.hues)], self.surface, strength)

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Everything that text stands on."""
        return (self.window, self.surface, self.surface_alt)


LIGHT: Final = Theme(
    name="light",
    is_dark=False,
    window="#EEF2F6",
    surface="#FFFFFF",
    surface_alt="#F6F8FA",
    border="#D2D9E2",
    text="#17212E",
    muted="#566373",
    accent="#0A57AE",
    on_accent="#FFFFFF",
    states={
        StepState.PENDING: "#5F6C7B",
        StepState.IN_FLIGHT: "#0A4F96",
        StepState.HELD: "#8F5B00",
        StepState.SETTLED: "#00775A",
        StepState.FAILED: "#8A0F26",
    },
    hues=("#8E3A6B", "#00589B", "#5A5F00", "#5B3FA0", "#8A4B00", "#006A6A", "#7A3B3B", "#46556B"),
)

DARK: Final = Theme(
    name="dark",
    is_dark=True,
    window="#10151C",
    surface="#181F28",
    surface_alt="#202833",
    border="#364150",
    text="#E8EDF3",
    muted="#9DA9B8",
    accent="#5BB0F3",
    on_accent="#07131F",
    states={
        StepState.PENDING: "#8E9BAA",
        StepState.IN_FLIGHT: "#3FA7F5",
        StepState.HELD: "#F2CB3A",
        StepState.SETTLED: "#1FE0A8",
        StepState.FAILED: "#FF6B57",
    },
    hues=("#E08CBB", "#62B0F2", "#C8CE5A", "#B49CF0", "#E8A860", "#5CC8C8", "#E09A9A", "#A9B8CC"),
)

SCALE_MIN: Final = 0.75
SCALE_MAX: Final = 2.0

_current = LIGHT
_scale = 1.0


def current_scale() -> float:
    """How much larger than usual everything is, for projectors."""
    return _scale


def use_scale(scale: float) -> None:
    """Make all text, and what is measured by it, so much larger."""
    global _scale
    _scale = min(max(scale, SCALE_MIN), SCALE_MAX)
    QApplication.setFont(font())
    use_theme(_current)


def current_theme() -> Theme:
    """The theme to paint with."""
    return _current


def use_theme(theme: Theme) -> None:
    """Repaint the whole application in ``theme``."""
    global _current
    _current = theme
    scheme = Qt.ColorScheme.Dark if theme.is_dark else Qt.ColorScheme.Light
    QGuiApplication.styleHints().setColorScheme(scheme)
    QApplication.setPalette(_palette(theme))
    app = QApplication.instance()
    if isinstance(app, QApplication):
        app.setStyleSheet(_style_sheet(theme))


def load_fonts() -> None:
    """Make the bundled fonts known and Inter the application's font."""
    for path in sorted(FONTS.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(path))
    QApplication.setFont(font())


def font(points: float = BASE_PT, *, bold: bool = False) -> QFont:
    """Inter with tabular figures, with Noto Sans SC for what it lacks."""
    made = _font(SANS, points, bold)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def mono(points: float = BASE_PT, *, bold: bool = False) -> QFont:
    """For hashes and addresses."""
    return _font(MONO, points, bold)


def mixed(colour: str, ground: str, strength: float) -> QColor:
    """``colour`` laid over ``ground``, opaque."""
    over, under = QColor(colour), QColor(ground)
    return QColor(
        round(under.red() + (over.red() - under.red()) * strength),
        round(under.green() + (over.green() - under.green()) * strength),
        round(under.blue() + (over.blue() - under.blue()) * strength),
    )


def _font(families: tuple[str, ...], points: float, bold: bool) -> QFont:
    made = QFont(list(families))
    made.setPointSizeF(points * _scale)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    # Full hinting, the default without a screen, makes Latin letters look wide.
    made.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return made


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for colour_role, colour in {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.surface_alt,
        role.Text: theme.text,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.BrightText: theme.on_accent,
        role.ToolTipBase: theme.surface,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.muted,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.Mid: theme.border,
        role.Accent: theme.accent,
    }.items():
        palette.setColor(colour_role, QColor(colour))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, colour_role, QColor(theme.muted))
    return palette


def _style_sheet(theme: Theme) -> str:
    template = Path(__file__).with_name("style.qss").read_text(encoding="utf-8")
    return Template(template).substitute(
        theme=theme.name,
        icons=ICONS.as_posix(),
        window=theme.window,
        surface=theme.surface,
        surface_alt=theme.surface_alt,
        border=theme.border,
        text=theme.text,
        muted=theme.muted,
        accent=theme.accent,
        accent_soft=mixed(theme.accent, theme.surface, 0.16).name(),
        on_accent=theme.on_accent,
        failed=theme.states[StepState.FAILED],
        failed_soft=theme.state_fill(StepState.FAILED).name(),
    )
