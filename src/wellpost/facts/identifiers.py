"""Numbers that programs know clinicians and practices by: NPI and TIN."""

from __future__ import annotations

import hashlib

_ISSUER = "80840"  # health applications, United States (ISO/IEC 7812; NPI check digit standard)


def npi_is_valid(text: str) -> bool:
    """Ten digits whose last is the Luhn check digit over 80840 and the rest (45 CFR 162.406)."""
    return _digits(text, 10) and _check_digit(text[:9]) == text[9]


def tin_is_valid(text: str) -> bool:
    """Nine digits (26 CFR 301.6109-1)."""
    return _digits(text, 9)


def make_npi(seed: str) -> str:
    """A valid made-up NPI, the same for the same seed."""
    first_nine = "1" + _number(seed, 8)
    return first_nine + _check_digit(first_nine)


def make_tin(seed: str) -> str:
    """A made-up TIN, the same for the same seed; it begins with 00, which is never issued."""
    return "00" + _number(seed, 7)


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def _number(seed: str, length: int) -> str:
    digest = hashlib.sha256(seed.encode()).digest()
    return str(int.from_bytes(digest[:12], "big") % 10**length).zfill(length)


def _check_digit(first_nine: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(_ISSUER + first_nine)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)
