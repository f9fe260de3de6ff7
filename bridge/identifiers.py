"""The identifiers that markets use, checked as far as their own check digits allow.

ISIN: ISO 6166 (Luhn over letters written as numbers). LEI: ISO 17442 (ISO 7064 mod 97-10).
BIC: ISO 9362. UTI: ISO 23897, the LEI of who generated it and up to 32 characters.

Nothing is corrected on the way: lower case, spaces and look-alike digits are refused.
"""

from __future__ import annotations

import re
from typing import NewType

from eth_hash.auto import keccak

from bridge.errors import IdentifierError, quoted
from bridge.model import UtiWord

Isin = NewType("Isin", str)
Lei = NewType("Lei", str)
Bic = NewType("Bic", str)
Uti = NewType("Uti", str)

COUNTED_DIGITS_MAX = 9  # the longest number that always fits the word's 32 bits

_ISIN = re.compile("[A-Z]{2}[A-Z0-9]{9}[0-9]")
_LEI = re.compile("[A-Z0-9]{18}[0-9]{2}")
_BIC = re.compile("[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_UTI = re.compile("[A-Z0-9]{20}[A-Z0-9]{1,32}")
_COUNTER = re.compile(f"[0-9]{{0,{COUNTED_DIGITS_MAX}}}$")


def isin(text: str) -> Isin:
    """An ISIN with a right check digit. Raises IdentifierError."""
    if not _ISIN.fullmatch(text):
        raise IdentifierError(
            "E-IDENTIFIER-ISIN-FORM",
            f"{quoted(text)} is not an ISIN",
            hint="two capital letters, nine capital letters or digits, a check digit",
        )
    expected = isin_check_digit(text[:-1])
    if text[-1] != expected:
        raise IdentifierError(
            "E-IDENTIFIER-ISIN-CHECK-DIGIT",
            f"the ISIN {text} has a wrong check digit",
            hint=f"it would be {text[:-1]}{expected}",
        )
    return Isin(text)


def isin_check_digit(stem: str) -> str:
    """The twelfth character for the eleven before it."""
    digits = "".join(str(int(character, 36)) for character in stem)
    doubled = (
        int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))
    )
    return str(-sum(number // 10 + number % 10 for number in doubled) % 10)


def lei(text: str) -> Lei:
    """An LEI with right check digits. Raises IdentifierError."""
    if not _LEI.fullmatch(text):
        raise IdentifierError(
            "E-IDENTIFIER-LEI-FORM",
            f"{quoted(text)} is not an LEI",
            hint="18 capital letters or digits and two check digits",
        )
    expected = lei_check_digits(text[:-2])
    if text[-2:] != expected:
        raise IdentifierError(
            "E-IDENTIFIER-LEI-CHECK-DIGITS",
            f"the LEI {text} has wrong check digits",
            hint=f"it would be {text[:-2]}{expected}",
        )
    return Lei(text)


def lei_check_digits(stem: str) -> str:
    """The last two characters for the eighteen before them."""
    number = int("".join(str(int(character, 36)) for character in stem + "00"))
    return f"{98 - number % 97:02d}"


def bic(text: str) -> Bic:
    """A BIC of 8 or 11 characters; it has no check digit. Raises IdentifierError."""
    if not _BIC.fullmatch(text):
        raise IdentifierError(
            "E-IDENTIFIER-BIC",
            f"{quoted(text)} is not a BIC",
            hint="8 or 11 capital letters or digits; the fifth and sixth are a country",
        )
    return Bic(text)


def uti(text: str) -> Uti:
    """A UTI: an LEI, then 1 to 32 capital letters or digits. Raises IdentifierError."""
    if not _UTI.fullmatch(text):
        raise IdentifierError(
            "E-IDENTIFIER-UTI",
            f"{quoted(text)} is not a UTI",
            hint="the LEI of who generated it, then up to 32 capital letters or digits",
        )
    lei(text[:20])
    return Uti(text)


def uti_word(reference: Uti) -> UtiWord:
    """The 32 bytes that stand for a UTI on chain.

    References that differ only in a trailing number get neighbouring words, so that the hub's
    bitmap of used references fills slot by slot: 28 bytes of the hash of what precedes the number
    and of how many digits it has, then the number.
    """
    digits = _trailing_digits(reference)
    prefix = reference[: len(reference) - len(digits)]
    stem = keccak(f"{prefix}#{len(digits)}".encode())[:28]
    return UtiWord(stem + int(digits or "0").to_bytes(4, "big"))


def _trailing_digits(text: str) -> str:
    found = _COUNTER.search(text)
    return found.group() if found else ""
