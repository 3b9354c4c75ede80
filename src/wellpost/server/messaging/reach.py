"""Whether anybody on the patient's side can sign in yet."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Representative


def waiting_patients(patients: Iterable[Patient]) -> set[UUID]:
    """Those (surviving records) for whom messages wait: neither they nor anybody who may read
    messages for them today has an account. At most one statement.
    """
    without = {each.pk for each in patients if each.account_opened_on is None}
    if not without:
        return set()
    return without - _reached_through_others(without)


def _reached_through_others(patients: set[UUID]) -> set[UUID]:
    held = Representative.objects.filter(
        patient__in=patients, may_message=True, account_opened_on__isnull=False
    ).select_related("patient__practice")
    return {
        each.patient_id
        for each in held
        if each.active_on(clock.today(each.patient.practice.time_zone))
    }
