"""Rows of the record in words."""

from __future__ import annotations

from .deeds import Deed


def deed_in_words(deed: str) -> str:
    """What was done; the stored name itself for a deed this version does not know."""
    return str(Deed(deed).label) if deed in Deed.values else deed.replace("_", " ")
