"""Bars side by side, as a picture that stands alone: who settles how many trades in a second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 1000
LEFT = 360
RIGHT = 90
BAR = 18
ROW = 30
HEAD = 54
GAP = 22

OURS, OTHERS = "#0f766e", "#94a3b8"
INK, FAINT, PAPER = "#0f172a", "#64748b", "#ffffff"
FONT = "Inter, 'Noto Sans', Helvetica, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Bar:
    """One contender: the middle of its repeats, and the least and the most of them."""

    label: str
    value: float
    low: float
    high: float
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars on one scale, from nothing to the longest."""

    title: str
    bars: Sequence[Bar]


def picture(heading: str, panels: Sequence[Panel]) -> str:
    """The SVG."""
    height = HEAD + sum(GAP + ROW * (len(panel.bars) + 1) for panel in panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        f' font-family="{FONT}" font-size="13">',
        f"<title>{escape(heading)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        f'<text x="20" y="32" font-size="17" font-weight="600" fill="{INK}">'
        f"{escape(heading)}</text>",
    ]
    top = HEAD
    for panel in panels:
        parts += _panel(panel, top)
        top += GAP + ROW * (len(panel.bars) + 1)
    return "\n".join((*parts, "</svg>", ""))


def _panel(panel: Panel, top: int) -> Iterator[str]:
    longest = max(bar.high for bar in panel.bars)
    yield f'<text x="20" y="{top + 16}" fill="{FAINT}">{escape(panel.title)}</text>'
    for number, bar in enumerate(panel.bars, start=1):
        y = top + ROW * number
        scale = (WIDTH - LEFT - RIGHT) / longest
        width, low, high = (scale * size for size in (bar.value, bar.low, bar.high))
        weight = 600 if bar.is_ours else 400
        middle = y + BAR / 2
        yield (
            f'<text x="{LEFT - 10}" y="{y + 14}" text-anchor="end" fill="{INK}"'
            f' font-weight="{weight}">{escape(bar.label)}</text>'
        )
        yield (
            f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2"'
            f' fill="{OURS if bar.is_ours else OTHERS}"/>'
        )
        yield (
            f'<path d="M{LEFT + low:.1f},{middle:.1f}H{LEFT + high:.1f}" stroke="{INK}"'
            f' stroke-width="1.5"/>'
        )
        yield (
            f'<text x="{LEFT + max(width, high) + 8:.1f}" y="{y + 14}" fill="{INK}"'
            f' font-weight="{weight}">{bar.value:,.0f}</text>'
        )
