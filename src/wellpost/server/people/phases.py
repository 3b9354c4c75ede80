"""Whether what holds between two days holds now, later, or no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from wellpost.server.clock import time as clock

from .models import Patient, Representative
from .permissions import same_person


class Phase(StrEnum):
    """Where today lies to a period."""

    NOW = "now"
    LATER = "later"
    ENDED = "ended"


class BetweenDays(Protocol):
    """A membership or a representation."""

    starts_on: date

    def active_on(self, day: date) -> bool:
        """Whether it holds on that day."""


@dataclass(frozen=True)
class PhasedRepresentative:
    """Somebody who acts, acted or will act for a patient."""

    who: Representative
    phase: Phase


def phase_on(day: date, held: BetweenDays) -> Phase:
    """The phase of the period on that day."""
    if held.active_on(day):
        return Phase.NOW
    return Phase.LATER if held.starts_on > day else Phase.ENDED


def representatives_ever(patient: Patient) -> list[PhasedRepresentative]:
    """Everybody who acts, acted or will act for any record of the patient; those of now first."""
    records = Patient.objects.filter(same_person(patient.pk))
    held = Representative.objects.filter(patient__in=records).order_by("-starts_on", "name")
    today = clock.today(patient.practice.time_zone)
    phased = [PhasedRepresentative(each, phase_on(today, each)) for each in held]
    return sorted(phased, key=lambda each: list(Phase).index(each.phase))
