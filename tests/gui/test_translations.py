from __future__ import annotations

import re
from string import Formatter

from PySide6.QtGui import QFont, QRawFont
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Language, catalogue, current_language, tr
from gui.language import speak
from gui.main_window import MainWindow
from gui.models.scene import StepState
from tests.gui.runs import finished
from tests.gui.texts import shown_texts, source_texts, untranslatable_calls

CHINESE = catalogue(Language.CHINESE)
NOT_WORDS = re.compile(
    r"LOCK00\w+|DVP\w+|SMDC|tGBP|SHGB29|UKTG31|Lockstep|dvp|UTC|English|toml|\(Ctrl[^)]*\)|\(Alt[^)]*\)"
    r"|\(?F\d+\)?|[A-Z]{4}\b|legs: token declined the hold"
    r"|Huangpu Securities|Thames Custody|Fleet Street Capital|Suzhou Creek Asset Management"
)
"""Names, codes, shortcuts, and the contracts' own reasons, which are quoted."""


def fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


def test_every_text_has_its_chinese_and_nothing_else_is_in_the_catalogue() -> None:
    own_names = {language.own_name for language in Language}
    assert source_texts() - own_names - CHINESE.keys() == set()
    assert CHINESE.keys() - source_texts() == set()


def test_no_text_is_put_together_before_it_is_looked_up() -> None:
    assert untranslatable_calls() == []


def test_a_translation_has_the_fields_of_its_source() -> None:
    assert [text for text, told in CHINESE.items() if fields(text) != fields(told)] == []


def test_a_text_without_translation_stays_as_it_is() -> None:
    speak(Language.CHINESE)
    assert tr("no such text {n}", n=1) == "no such text 1"
    assert tr("Seed {seed}", seed=7) == "\u968f\u673a\u79cd\u5b50 7"


def test_the_window_changes_its_language_while_it_runs(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_["view.language"].trigger()
    qtbot.waitUntil(lambda: window.windowTitle() == "Lockstep \u2013 \u8de8\u94fe\u7ed3\u7b97")
    assert current_language() is Language.CHINESE
    assert window.actions_["view.language"].text() == "English"
    window.actions_["view.language"].trigger()
    qtbot.waitUntil(lambda: window.windowTitle() == "Lockstep \u2013 cross-chain settlement")


def test_a_chinese_window_has_no_english_words(qtbot: QtBot, window: MainWindow) -> None:
    speak(Language.CHINESE)
    finished(qtbot, window.player)
    left = {}
    for trade_id in window.stage.trades:
        window.selection.select(trade_id)
        for text in shown_texts(window):
            words = re.findall(r"[A-Za-z]{3,}", NOT_WORDS.sub("", text))
            if words and not re.fullmatch(r"[0-9a-f]+", "".join(words)):
                left[text] = words
    about = {window.toolbar.scenarios.toolTip()}  # the scenario's own words
    assert {text: words for text, words in left.items() if text not in about} == {}


def test_the_fonts_have_every_character_of_every_text() -> None:
    characters = {c for text in (*CHINESE, *CHINESE.values()) for c in text}
    characters |= {state.glyph for state in StepState} | set("\u25b6\u2016\u00d7\u2013\u00b7\u25b2")
    fonts = [QRawFont.fromFont(QFont(name)) for name in theme.SANS]
    assert [font.familyName() for font in fonts] == list(theme.SANS)
    missing = {c for c in characters if not any(font.supportsCharacter(ord(c)) for font in fonts)}
    assert missing == set()
    assert not any(font.supportsCharacter(0x13000) for font in fonts)
