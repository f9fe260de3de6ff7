"""Amounts as people write them, to whole minor units and back; never through a float.

The form is checked and the digits are counted before anything is converted: a conversion of
``1e999999`` or of a million digits is the attack. Signs, spaces, underscores, exponents,
thousands separators and digits of other scripts are refused, not guessed at.
"""

from __future__ import annotations

import re

from bridge.errors import AmountError, quoted

DECIMALS_MAX = 18
DIGITS_MAX = 78  # 2**256 has 78
CASH_MAX_MINOR = 2**128 - 1  # a cash balance is half a word
SECURITY_MAX_MINOR = 2**84 - 1  # balance, held and incoming share a word with the freeze flag
SEED_MAX = 2**64 - 1

_DECIMAL = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
_WHOLE = re.compile("[0-9]+")


def amount_minor(text: str, decimals: int, maximum_minor: int = CASH_MAX_MINOR) -> int:
    """A positive amount such as ``1250.50`` in minor units. Raises AmountError."""
    found = _DECIMAL.fullmatch(text)
    if found is None:
        raise AmountError(
            "E-AMOUNT-FORM",
            f"{quoted(text)} is not an amount",
            hint="digits 0-9 and at most one point, as in 1250.50",
        )
    units, fraction = found.group(1), found.group(2) or ""
    if len(units) + len(fraction) > DIGITS_MAX:
        raise _out_of_range(text, decimals, maximum_minor)
    if len(fraction) > decimals:
        raise AmountError(
            "E-AMOUNT-DECIMALS",
            f"{text} has {len(fraction)} decimals; this asset has {decimals}",
        )
    minor = int(units + fraction.ljust(decimals, "0"))
    if not 0 < minor <= maximum_minor:
        raise _out_of_range(text, decimals, maximum_minor)
    return minor


def whole_number(text: str, maximum: int, minimum: int = 0) -> int:
    """A count, height or seed between two bounds, both allowed. Raises AmountError."""
    if not _WHOLE.fullmatch(text):
        raise AmountError(
            "E-AMOUNT-WHOLE", f"{quoted(text)} is not a whole number", hint="digits 0-9 only"
        )
    if len(text) > DIGITS_MAX or not minimum <= int(text) <= maximum:
        raise AmountError(
            "E-AMOUNT-RANGE", f"{quoted(text)} is not between {minimum} and {maximum}"
        )
    return int(text)


def decimal_text(minor: int, decimals: int) -> str:
    """Minor units as people write them: 125050 with two decimals is ``1250.50``."""
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(decimals + 1, "0")
    if not decimals:
        return sign + digits
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def grouped_text(minor: int, decimals: int) -> str:
    """The same with thousands apart, for sentences and tables: ``1,250.50``."""
    whole, point, cents = decimal_text(abs(minor), decimals).partition(".")
    return f"{'-' if minor < 0 else ''}{int(whole):,}{point}{cents}"


def _out_of_range(text: str, decimals: int, maximum_minor: int) -> AmountError:
    return AmountError(
        "E-AMOUNT-RANGE",
        f"the amount {quoted(text)} is out of range",
        hint=f"more than 0 and at most {decimal_text(maximum_minor, decimals)}",
    )
