from __future__ import annotations

from PySide6.QtCore import QSize

from gui.app import fitted


def test_a_window_and_its_frame_fit_on_the_screen() -> None:
    size = fitted(QSize(1440, 900), QSize(1440, 900))
    assert size.width() < 1440
    assert size.height() <= 900 - 40


def test_a_window_is_no_larger_than_wanted() -> None:
    assert fitted(QSize(1440, 900), QSize(2560, 1440)) == QSize(1440, 900)
