"""What is still needed, whom to reach first, and every period: to look at and to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from wellpost.reports.documents import Document
from wellpost.reports.foreseen import periods_document, what_if_document
from wellpost.reports.what_if import WhatIf, what_if
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.terms import Measure

from .best import every_period
from .periods import Asked
from .planned import next_visits
from .queries import patients_here
from .reporting import Asking, asking


@dataclass(frozen=True)
class First:
    """One of those to reach first."""

    patient: Patient
    last_seen_on: date
    next_visit_on: date | None


@dataclass(frozen=True)
class Needed:
    """What one measure of one reporter needs; `elsewhere` are other practices' patients."""

    found: Asking
    what_if: WhatIf
    first: Sequence[First]

    @property
    def elsewhere(self) -> int:
        """How many of those to reach first are not named here."""
        return len(self.what_if.patients) - len(self.first)


def needed(by: User, practice: Practice, npi: str | None, measure: Measure, asked: Asked) -> Needed:
    """How many more, whom first, by when. On record with whom it names."""
    found, told = _what_if(by, practice, npi, measure, asked)
    days = {UUID(each.patient_id): each.last_seen_on for each in told.patients}
    here, planned = patients_here(practice, days), next_visits(practice)
    first = [First(here[pk], day, planned.get(pk)) for pk, day in days.items() if pk in here]
    whom = sorted(each.patient.pk.hex for each in first)
    found.note(Deed.REPORT_READ, document="what-if", measure=measure, patients=whom)
    return Needed(found, told, first)


def needed_document(
    by: User, practice: Practice, npi: str | None, measure: Measure, asked: Asked, form: str
) -> tuple[Asking, Document]:
    """The same, to take away."""
    found, told = _what_if(by, practice, npi, measure, asked)
    whom = sorted({each.patient_id for each in told.patients} & found.people.patients.keys())
    found.note(Deed.REPORT_DOWNLOADED, document="what-if", format=form, patients=whom)
    return found, what_if_document(found.request, [told], found.made, found.people)


def periods_to_keep(
    by: User,
    practice: Practice,
    npi: str | None,
    measure: Measure,
    asked: Asked,
    days: int,
    form: str,
) -> tuple[Asking, Document]:
    """Every period as a file; it names no patient. RequestError where there is no such period."""
    every = every_period(by, practice, npi, measure, asked, days)
    found = asking(by, practice, npi, asked, permission=Permission.READ_MEASURES, measure=measure)
    found.note(Deed.REPORT_DOWNLOADED, document="periods", format=form)
    return found, periods_document(found.request, every.best_first, found.made, found.people)


def _what_if(
    by: User, practice: Practice, npi: str | None, measure: Measure, asked: Asked
) -> tuple[Asking, WhatIf]:
    found = asking(by, practice, npi, asked, measure=measure)
    told = next(what_if(found.source, found.request, clock.today(practice.time_zone)), None)
    if told is None:
        raise NotAllowed("nobody has such numbers in this year.")
    return found, told
