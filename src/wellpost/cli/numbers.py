"""Numbers as people type them."""

from __future__ import annotations

from wellpost.errors import RequestError


def whole_number(text: str) -> int:
    """A whole number such as `5000`, `5_000` or `5,000`; RequestError says what would be right."""
    digits = text.replace("_", "").replace(",", "")
    if not (digits.isascii() and digits.isdigit() and text[0].isdigit() and text[-1].isdigit()):
        raise RequestError(f"number {text!r} cannot be read; write it like 5000 or 1_400_000.")
    if len(digits) > 19:
        raise RequestError(f"number {text!r} is too large.")
    return int(digits)
