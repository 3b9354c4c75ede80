"""National Provider Identifiers and taxpayer numbers: the check digit, and made-up ones that pass.

The check digit of an NPI is the Luhn digit of its first nine digits after the prefix 80840
(45 CFR 162.406; ISO/IEC 7812-1). A TIN has nine digits and no check digit.
"""

from __future__ import annotations

import hashlib
import re

PREFIX = "80840"
PREFIX_SUM = 24
"""What the prefix adds to the Luhn sum of the ten digits."""

DOUBLED = "0246813579"
"""The Luhn value of a doubled digit, at the digit's place."""


def luhn_sum(digits: str) -> int:
    """Luhn sum of the digits, the last of which is the check digit."""
    ones = sum(int(digit) for digit in digits[-1::-2])
    return ones + sum(int(DOUBLED[int(digit)]) for digit in digits[-2::-2])


def npi_is_valid(text: str) -> bool:
    """Whether the text is ten digits of which the last is the right check digit."""
    return re.fullmatch(r"[0-9]{10}", text) is not None and luhn_sum(PREFIX + text) % 10 == 0


def tin_is_valid(text: str) -> bool:
    """Whether the text is nine digits."""
    return re.fullmatch(r"[0-9]{9}", text) is not None


def with_check_digit(nine: str) -> str:
    """The NPI of these nine digits."""
    return nine + str(-luhn_sum(PREFIX + nine + "0") % 10)


def make_npi(seed_text: str) -> str:
    """A made-up NPI that passes its check digit, always the same for the same text."""
    return with_check_digit("1" + _digits("npi:" + seed_text, 8))


def make_tin(seed_text: str) -> str:
    """A made-up TIN of nine digits, always the same for the same text."""
    return "9" + _digits("tin:" + seed_text, 8)


def _digits(seed_text: str, length: int) -> str:
    number = int.from_bytes(hashlib.sha256(seed_text.encode()).digest()[:8], "big")
    return str(number % 10**length).zfill(length)
