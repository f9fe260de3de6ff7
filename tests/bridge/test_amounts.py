"""Amounts: exact, or refused with a reason; quick even for hostile text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.amounts import (
    CASH_MAX_MINOR,
    SECURITY_MAX_MINOR,
    SEED_MAX,
    amount_minor,
    decimal_text,
    grouped_text,
    whole_number,
)
from bridge.errors import AmountError


@pytest.mark.parametrize(
    ("text", "decimals", "expected"),
    [
        ("1", 0, 1),
        ("1250.50", 2, 125_050),
        ("1250.5", 2, 125_050),
        ("0.01", 2, 1),
        ("007", 0, 7),
        ("1", 18, 10**18),
        (str(CASH_MAX_MINOR), 0, CASH_MAX_MINOR),
    ],
)
def test_an_amount_is_taken_exactly(text: str, decimals: int, expected: int) -> None:
    assert amount_minor(text, decimals) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", " 5", "5 ", "5\n", "5\x00", "1\u00a0000", "5_000", "5,000"),
        *("-1", "+1", ".5", "5.", "1.2.3", "0x10", "1e6", "1e999999"),
        *("NaN", "inf", "one", "１２", "٣", "²"),
    ],
)
def test_what_is_not_written_as_an_amount_is_refused(text: str) -> None:
    with pytest.raises(AmountError, match="E-AMOUNT-FORM"):
        amount_minor(text, 2)


@pytest.mark.parametrize(
    "text", ["0", "0.00", str(CASH_MAX_MINOR + 1), str(2**256), "9" * 78, "9" * 1_000_000]
)
def test_an_amount_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(AmountError, match="E-AMOUNT-RANGE") as caught:
        amount_minor(text, 2)
    assert len(str(caught.value)) < 300


def test_a_security_holds_less_than_cash() -> None:
    text = str(SECURITY_MAX_MINOR + 1)
    assert amount_minor(text, 0) == SECURITY_MAX_MINOR + 1
    with pytest.raises(AmountError, match="E-AMOUNT-RANGE"):
        amount_minor(text, 0, SECURITY_MAX_MINOR)


def test_an_amount_finer_than_its_asset_is_refused() -> None:
    assert amount_minor("1.005", 3) == 1005
    with pytest.raises(AmountError, match="3 decimals; this asset has 2"):
        amount_minor("1.005", 2)


@given(st.integers(1, CASH_MAX_MINOR), st.integers(0, 18))
def test_an_amount_survives_writing_and_reading(minor: int, decimals: int) -> None:
    assert amount_minor(decimal_text(minor, decimals), decimals) == minor


@given(st.text(max_size=30), st.integers(0, 18))
def test_any_text_is_an_amount_or_a_typed_error(text: str, decimals: int) -> None:
    try:
        assert 0 < amount_minor(text, decimals) <= CASH_MAX_MINOR
    except AmountError:
        assert not (text.isdecimal() and text.isascii() and 0 < int(text) < 10**18)


@pytest.mark.parametrize(
    ("minor", "decimals", "expected"),
    [(0, 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (125_050, 2, "1250.50"), (7, 0, "7")],
)
def test_minor_units_are_written_with_their_decimals(
    minor: int, decimals: int, expected: str
) -> None:
    assert decimal_text(minor, decimals) == expected


@pytest.mark.parametrize(
    ("minor", "decimals", "expected"),
    [(0, 2, "0.00"), (-5, 2, "-0.05"), (125_050, 2, "1,250.50"), (-1_234_567, 0, "-1,234,567")],
)
def test_in_a_sentence_thousands_stand_apart(minor: int, decimals: int, expected: str) -> None:
    assert grouped_text(minor, decimals) == expected


@pytest.mark.parametrize("text", ["0", "42", str(SEED_MAX)])
def test_a_seed_between_its_bounds_is_accepted(text: str) -> None:
    assert whole_number(text, SEED_MAX) == int(text)


@pytest.mark.parametrize("text", ["-1", "abc", "", "1.0", "1_0", "１", " 1", "0x1"])
def test_a_seed_that_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(AmountError, match="E-AMOUNT-WHOLE"):
        whole_number(text, SEED_MAX)


@pytest.mark.parametrize("text", [str(SEED_MAX + 1), "9" * 1_000_000])
def test_a_seed_beyond_its_bound_is_refused(text: str) -> None:
    with pytest.raises(AmountError, match="E-AMOUNT-RANGE"):
        whole_number(text, SEED_MAX)


def test_a_bound_can_exclude_zero() -> None:
    assert whole_number("1", 8, minimum=1) == 1
    with pytest.raises(AmountError, match="not between 1 and 8"):
        whole_number("0", 8, minimum=1)
