"""Telling the practice that a dangerous reading waits: it must not lie until somebody looks."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from wellpost.server.clock import time as clock
from wellpost.server.messaging.coverage import away_today
from wellpost.server.notices.actions import tell
from wellpost.server.notices.texts import Kind
from wellpost.server.people.models import Membership, Patient
from wellpost.server.people.queries import clinicians_of
from wellpost.server.records.models import Encounter

SEES = timedelta(days=365)
"""Who saw the patient within this is told."""


def tell_of_danger(patient: Patient) -> None:
    """Tell the clinicians who see the patient, and who covers for them, in the caller's
    transaction; where nobody did within a year, every clinician of the practice.
    """
    here = clinicians_of(patient.practice)
    recently = clock.today(patient.practice.time_zone) - SEES
    seen = Encounter.objects.filter(patient=patient, seen_on__gte=recently)
    who = set(seen.values_list("clinician", flat=True))
    seeing = [each for each in here if each.clinician_id in who] or here
    tell(users=_accounts(patient, seeing), kind=Kind.READING_WAITING)


def _accounts(patient: Patient, seeing: list[Membership]) -> set[UUID]:
    covering = [each.covered_by for each in away_today(patient.practice, seeing)]
    return {each.account.pk for each in (*seeing, *covering) if each.account}
