"""Changes the language of the whole application while it runs."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from gui.i18n import Language, use_language

_of_qt: list[QTranslator] = []


def speak(language: Language) -> None:
    """Use ``language`` from now on; every widget gets a LanguageChange event."""
    use_language(language)
    QLocale.setDefault(QLocale(language.value))
    app = QCoreApplication.instance()
    if app is None:
        return
    while _of_qt:
        app.removeTranslator(_of_qt.pop())
    translator = QTranslator()
    place = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language is not Language.ENGLISH and translator.load(f"qtbase_{language.value}", place):
        _of_qt.append(translator)
        app.installTranslator(translator)
    for window in QApplication.topLevelWidgets():
        QCoreApplication.postEvent(window, QEvent(QEvent.Type.LanguageChange))
