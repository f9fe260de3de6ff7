"""The table of currencies: codes as ISO 4217 has them, and their exponents."""

import pytest

from bridge.currencies import MINOR_UNITS


@pytest.mark.parametrize(
    ("code", "decimals"),
    [
        ("CNY", 2),
        ("GBP", 2),
        ("HKD", 2),
        ("EUR", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("KWD", 3),
        ("TND", 3),
    ],
)
def test_a_currency_has_the_minor_units_of_iso_4217(code: str, decimals: int) -> None:
    assert MINOR_UNITS[code] == decimals


@pytest.mark.parametrize("code", ["CNH", "XAU", "XXX", "XTS", "USN", "GBX", "BTC", "cny", ""])
def test_what_is_no_currency_is_not_in_the_table(code: str) -> None:
    assert code not in MINOR_UNITS


def test_every_code_is_three_capital_letters() -> None:
    assert len(MINOR_UNITS) > 140
    assert all(len(code) == 3 and code.isalpha() and code.isupper() for code in MINOR_UNITS)
