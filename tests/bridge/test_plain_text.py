"""Nothing in a shown text can hide, reorder or command anything."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.plain_text import plain, plain_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Huangpu 黄浦 £1", "Huangpu 黄浦 £1"),
        ("a\x00b", "a<U+0000>b"),
        ("\x1b[2J", "<U+001B>[2J"),
        ("abc\u202etxt.exe", "abc<U+202E>txt.exe"),
        ("line\u2028line", "line<U+2028>line"),
        ("\ud800", "<U+D800>"),
        ("x" * 400, "x" * 299 + "…"),
    ],
)
def test_what_cannot_be_seen_is_spelt_out(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_lines_stay_lines() -> None:
    assert plain_lines("one\ntwo\r") == "one\ntwo<U+000D>"


@given(st.text(max_size=100))
def test_no_control_or_formatting_character_survives(text: str) -> None:
    shown = plain(text)
    assert all(unicodedata.category(character)[0] != "C" for character in shown)
    assert plain(shown) == shown or len(shown) > 300
