"""Identifiers: their own check digits, nothing corrected, nothing guessed."""

import pytest
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import IdentifierError
from bridge.identifiers import (
    Uti,
    bic,
    isin,
    isin_check_digit,
    lei,
    lei_check_digits,
    uti,
    uti_word,
)

# Published: Apple, BAE Systems, Federal Republic of Germany, Ping An, Treasury Corp. of Victoria.
ISINS = ["US0378331005", "GB0002634946", "DE0001102580", "CNE000001R84", "AU0000XVGZA3"]
# Published by GLEIF: GLEIF itself, Apple, Bloomberg.
LEIS = ["506700GE1G29325QX363", "HWUPKR0MPOU8FGXBT394", "5493001KJTIIGC8Y1R12"]
HOSTILE = [
    "",
    " US0378331005",
    "US0378331005\n",
    "us0378331005",
    "US037833100",
    "US03783310055",
    "US03783３1005",
    "US0378331\u202e05",
    "US0378331\x0005",
    "US-378331005",
    "U\u0421037833100",
    "X" * 10_000,
]

capitals = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@pytest.mark.parametrize("text", ISINS)
def test_a_published_isin_is_accepted(text: str) -> None:
    assert isin(text) == text


@pytest.mark.parametrize("text", ISINS)
@pytest.mark.parametrize("shift", range(1, 10))
def test_an_isin_with_another_check_digit_is_refused(text: str, shift: int) -> None:
    wrong = text[:-1] + str((int(text[-1]) + shift) % 10)
    with pytest.raises(IdentifierError, match="E-IDENTIFIER-ISIN-CHECK-DIGIT") as caught:
        isin(wrong)
    assert text in caught.value.hint


@pytest.mark.parametrize("text", HOSTILE)
def test_what_does_not_look_like_an_isin_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError, match="E-IDENTIFIER-ISIN-FORM"):
        isin(text)


@given(st.text(capitals, min_size=9, max_size=9))
def test_any_isin_with_a_computed_check_digit_is_accepted(stem: str) -> None:
    text = "GB" + stem + isin_check_digit("GB" + stem)
    assert isin(text) == text


@given(st.text(max_size=14))
def test_any_text_is_an_isin_or_a_typed_error(text: str) -> None:
    try:
        assert isin(text) == text
    except IdentifierError:
        assert text not in ISINS


@pytest.mark.parametrize("text", LEIS)
def test_a_published_lei_is_accepted(text: str) -> None:
    assert lei(text) == text


@pytest.mark.parametrize("text", LEIS)
def test_an_lei_with_any_other_check_digits_is_refused(text: str) -> None:
    others = {f"{number:02d}" for number in range(100)} - {text[-2:]}
    for digits in sorted(others):
        with pytest.raises(IdentifierError, match="E-IDENTIFIER-LEI-CHECK-DIGITS"):
            lei(text[:-2] + digits)


@pytest.mark.parametrize("text", [*HOSTILE, LEIS[0].lower(), LEIS[0] + "0", LEIS[0][:-1]])
def test_what_does_not_look_like_an_lei_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError, match="E-IDENTIFIER-LEI-FORM"):
        lei(text)


@given(st.text(capitals, min_size=18, max_size=18))
def test_any_lei_with_computed_check_digits_is_accepted(stem: str) -> None:
    text = stem + lei_check_digits(stem)
    assert lei(text) == text


@pytest.mark.parametrize("text", ["DEUTDEFF", "DEUTDEFF500", "BKCHCNBJ", "BARCGB22XXX"])
def test_a_bic_of_8_or_11_characters_is_accepted(text: str) -> None:
    assert bic(text) == text


@pytest.mark.parametrize(
    "text", ["", "DEUTDEF", "DEUTDEFF5", "DEUT12FF", "deutdeff", "DEUT DEFF", "DEUTDEFF\n"]
)
def test_what_is_no_bic_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError, match="E-IDENTIFIER-BIC"):
        bic(text)


@pytest.mark.parametrize("tail", ["1", "DVP0001", "A" * 32])
def test_a_uti_is_an_lei_and_up_to_32_characters(tail: str) -> None:
    assert uti(LEIS[0] + tail) == LEIS[0] + tail


@pytest.mark.parametrize("tail", ["", "A" * 33, "dvp1", "DVP-1", "DVP 1", "１", "\x00", "1\n"])
def test_a_uti_with_another_tail_is_refused(tail: str) -> None:
    with pytest.raises(IdentifierError, match="E-IDENTIFIER-UTI"):
        uti(LEIS[0] + tail)


def test_a_uti_of_nobody_is_refused() -> None:
    with pytest.raises(IdentifierError, match="E-IDENTIFIER-LEI-CHECK-DIGITS"):
        uti(LEIS[0][:-1] + "0" + "DVP0001")


def test_a_uti_word_is_a_hashed_stem_and_the_number_behind_it() -> None:
    word = uti_word(Uti(LEIS[0] + "DVP0042"))
    assert word == keccak((LEIS[0] + "DVP#4").encode())[:28] + (42).to_bytes(4, "big")


def test_consecutive_references_have_consecutive_words() -> None:
    words = [int.from_bytes(uti_word(Uti(f"{LEIS[0]}DVP{n:04d}")), "big") for n in range(300)]
    assert words == list(range(words[0], words[0] + 300))


def test_a_reference_without_a_number_ends_in_zero() -> None:
    assert uti_word(Uti(LEIS[0] + "DVP")) == keccak((LEIS[0] + "DVP#0").encode())[:28] + bytes(4)


def test_only_the_last_nine_digits_are_counted() -> None:
    word = uti_word(Uti(LEIS[0] + "X1234567890123"))
    assert word == keccak((LEIS[0] + "X1234#9").encode())[:28] + (567890123).to_bytes(4, "big")


references = st.text("AB01", min_size=1, max_size=14).map(Uti)


@given(references, references)
def test_two_references_never_share_a_word(one: Uti, other: Uti) -> None:
    assert (uti_word(one) == uti_word(other)) == (one == other)


@pytest.mark.parametrize("twin", ["DVP1", "DVP01", "DVP001", "DVP0#1", "DVP#1"])
def test_leading_zeros_make_another_reference(twin: str) -> None:
    words = {uti_word(Uti(text)) for text in ("DVP1", "DVP01", "DVP001", "DVP0#1", "DVP#1")}
    assert len(words) == 5
    assert uti_word(Uti(twin)) in words
