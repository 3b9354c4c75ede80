"""One-time codes: easy to type, hard to guess, kept only as their hash."""

from __future__ import annotations

import secrets

from django.utils.crypto import salted_hmac

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 signs, five bits each; I and 1, O and 0 are left out since they look alike."""

LENGTH = 16
GROUP = 4


def make_code() -> str:
    """A new code of 80 random bits, like ABCD-EFGH-JKLM-NPQR."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def code_hash(code: str) -> str:
    """What is kept of a code, however it was typed: HMAC-SHA256 with the server's secret."""
    signs = "".join(sign for sign in code.upper() if sign.isalnum())
    return salted_hmac("wellpost.people.codes", signs, algorithm="sha256").hexdigest()
