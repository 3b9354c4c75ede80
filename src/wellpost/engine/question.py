"""What is asked: one measure, for whom, in which days, under which policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from wellpost.measures.policies import WORDS, check_policies, settled
from wellpost.terms import Level, Measure, Period

A_MONDAY = date(1900, 1, 1)
"""To count weekdays from."""


@dataclass(frozen=True)
class Question:
    """One question to the facts.

    `period` is when patients were seen, `window` when a numerator act may have happened.
    `policies` is complete (`wellpost.measures.policies.POLICIES`); it may also hold manners of
    counting that differ from the usual (`MANNERS`); other names in it are ignored.
    `npi`, `tin` and `patient_id` narrow the answer, never what counts. Access opened after
    `known_by` is not known yet.
    """

    measure: Measure
    level: Level
    period: Period
    window: Period
    policies: Mapping[str, str]
    npi: str | None = None
    tin: str | None = None
    patient_id: str | None = None
    known_by: date = date.max

    def __post_init__(self) -> None:
        check_policies(self.policies)

    @property
    def words(self) -> Mapping[str, str]:
        """Every word that the measures ask for."""
        together = self.level is Level.CLINICIAN
        return settled({**self.policies, "tins": "together" if together else "apart"})

    @property
    def is_narrowed(self) -> bool:
        """Whether it is about one clinician, practice or patient."""
        return (self.npi, self.tin, self.patient_id) != (None, None, None)

    @property
    def shape(self) -> tuple[object, ...]:
        """What decides the query; the rest are values bound to it."""
        narrowed = (self.npi is None, self.tin is None, self.patient_id is None)
        words = self.words
        return self.measure, self.level, narrowed, *(words[name] for name in WORDS)

    @property
    def values(self) -> dict[str, object]:
        """The values to bind, by the names the queries use."""
        return {
            "period_start": self.period.start,
            "period_end": self.period.end,
            "window_start": self.window.start,
            "window_end": self.window.end,
            "monday": A_MONDAY,
            "known_by": self.known_by,
            "npi": self.npi,
            "tin": self.tin,
            "patient_id": self.patient_id,
        }
