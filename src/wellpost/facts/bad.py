"""What is wrong with facts: rows with one fault, in a sentence that names no person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bad:
    """Rows of one table with one fault, or resources of one FHIR type; no table: of the whole."""

    table: str
    reason: str
    rows: int
    sentence: str
