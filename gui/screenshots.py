"""Pictures of the window in all its looks: ``make screenshots``.

Each is a run stopped at a moment, so the same program gives the same pictures.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QElapsedTimer, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.app import make_app
from gui.i18n import Language
from gui.language import speak
from gui.main_window import MainWindow
from gui.models.facts import RunState
from gui.player import Player

PLACE: Final = Path(".cache/screenshots")
SCENARIO: Final = "dvp"
SIZES: Final = (QSize(1440, 900), QSize(1920, 1080))
WAIT_MS: Final = 60_000
END_MS: Final = 10**9


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the run and the trade to look at, by its place in the blotter."""

    name: str
    at_ms: int
    trade: int


MOMENTS: Final = (
    Moment("in-flight", 6_600, 1),
    Moment("settled", 12_000, 0),
    Moment("aborted", END_MS, 2),
)


def main() -> int:
    """Paint all pictures, or one for the README."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readme", type=Path, help="paint only the picture of the README here")
    wanted: Path | None = parser.parse_args().readme
    app = make_app(sys.argv[:1])
    if wanted is not None:
        picture = painted(app, SIZES[0], MOMENTS[0])
        picture.convertToFormat(QImage.Format.Format_RGB32).save(str(wanted))
        return 0
    PLACE.mkdir(parents=True, exist_ok=True)
    for look in (theme.LIGHT, theme.DARK):
        for language in Language:
            for moment in MOMENTS:
                theme.use_theme(look)
                speak(language)
                for size in SIZES:
                    name = f"{moment.name}-{look.name}-{language.value}-{size.width()}.png"
                    painted(app, size, moment).save(str(PLACE / name))
    print(f"{PLACE}: {len(list(PLACE.glob('*.png')))} pictures")
    return 0


def painted(app: QApplication, size: QSize, moment: Moment) -> QImage:
    """The window at a moment of the run."""
    player = Player()
    window = MainWindow(player)
    window.resize(size)
    window.show()
    window.open(SCENARIO)
    _wait(app, lambda: player.state is RunState.PAUSED)
    player.play_to(moment.at_ms)
    _wait(app, lambda: player.state is RunState.FINISHED or player.now_ms >= moment.at_ms)
    window.blotter.table.selectRow(moment.trade)
    for _ in range(3):
        app.processEvents()
    picture = window.grab().toImage()
    window.close()
    return picture


def _wait(app: QApplication, is_so: Callable[[], bool]) -> None:
    clock = QElapsedTimer()
    clock.start()
    while not is_so() and clock.elapsed() < WAIT_MS:
        app.processEvents()


if __name__ == "__main__":
    sys.exit(main())
