"""How many of whom, in words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from wellpost.adapters.html.charts import words
from wellpost.reports.overview import Row, tally
from wellpost.terms import Level

ONES = {
    Level.CLINICIAN: "clinician",
    Level.PRACTICE_CLINICIAN: "clinician in a practice",
    Level.GROUP: "practice",
    Level.VIRTUAL_GROUP: "virtual group",
}


def how_many(count: int, one: str) -> str:
    """A number of them: `1 practice`, `2 clinicians in a practice`."""
    plural = one.replace("clinician", "clinicians", 1) if "clinician" in one else f"{one}s"
    return f"1 {one}" if count == 1 else f"{count:,} {plural}"


def tallied(rows: Sequence[Row], one: str) -> str:
    """How many rows there are, and how many of them have each verdict, as a sentence of a page."""
    parts = [f"{count:,} {words(verdict)}" for verdict, count in tally(rows).items()]
    return escape(f"Of {how_many(len(rows), one)}: {', '.join(parts)}.")
