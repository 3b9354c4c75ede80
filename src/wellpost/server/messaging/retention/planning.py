"""Whose conversations need not be kept any longer: the plan, of which nothing is done yet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Practice

from ..models import LegalHold, RetentionPolicy, Thread
from .policy import policy_in_force

Contacts = Callable[[Practice], Mapping[UUID, date]]
CONTACTS: list[Contacts] = []
"""What counts as a contact besides messages, by other rooms: of each patient (the record that is
kept) the day of the last one."""


@dataclass(frozen=True)
class Record:
    """A patient's conversations: since when nothing happened, until when they must be kept (None:
    the date of birth is not known), and whether a legal hold is on them.
    """

    patient: Patient
    threads: int
    last_contact_on: date
    due_on: date | None
    held: bool


@dataclass(frozen=True)
class Plan:
    """Every patient's conversations at the practice, on a day, under the policy in force."""

    practice: Practice
    policy: RetentionPolicy
    on: date
    records: tuple[Record, ...]

    @cached_property
    def due(self) -> list[Record]:
        """Those to be destroyed, the longest due first."""
        free = [each for each in self._past if not each.held]
        return sorted(free, key=lambda each: (each.due_on or self.on, str(each.patient.pk)))

    @property
    def held(self) -> list[Record]:
        """Those that would be, but for a legal hold."""
        return [each for each in self._past if each.held]

    @property
    def unknown(self) -> list[Record]:
        """Those of patients whose date of birth is not known: they are kept."""
        return [each for each in self.records if each.due_on is None]

    @property
    def _past(self) -> list[Record]:
        return [each for each in self.records if each.due_on and each.due_on <= self.on]

    @property
    def code(self) -> str:
        """Stands for exactly what is due: who applies a plan says which one they saw."""
        digest = hashlib.sha256(str(self.policy.pk).encode())
        for each in self.due:
            digest.update(f"{each.patient.pk} {each.threads} {each.last_contact_on};".encode())
        return digest.hexdigest()[:12]


def plan(practice: Practice, patient: Patient | None = None) -> Plan:
    """What is due today, of all or of one patient; RequestError where no policy was set."""
    policy = policy_in_force(practice)
    today = clock.today(practice.time_zone)
    records = _records(practice, policy, today, patient)
    return Plan(practice, policy, today, tuple(records))


def _records(
    practice: Practice, policy: RetentionPolicy, today: date, patient: Patient | None
) -> list[Record]:
    found = _last_messages(practice, patient)
    patients = Patient.objects.select_related("practice").in_bulk(list(found))
    elsewhere = [contacts(practice) for contacts in CONTACTS]
    everybody, held = _held(practice, today)
    made = []
    for kept, (last, threads) in found.items():
        contact = max([last, *(each[kept] for each in elsewhere if kept in each)])
        made.append(
            Record(
                patient=patients[kept],
                threads=threads,
                last_contact_on=contact,
                due_on=_due_on(contact, patients[kept].birth_on, policy),
                held=everybody or kept in held,
            )
        )
    return made


def _last_messages(practice: Practice, patient: Patient | None) -> dict[UUID, tuple[date, int]]:
    """By the record that is kept: the local day of its last message, and how many threads."""
    threads = Thread.objects.filter(practice=practice, destruction=None)
    if patient is not None:
        threads = threads.filter(Q(patient=patient) | Q(patient__merged_into=patient))
    kept = threads.annotate(kept=Coalesce("patient__merged_into", "patient")).order_by()
    rows = kept.values_list("kept").annotate(last=Max("last_message_at"), many=Count("pk"))
    zone = ZoneInfo(practice.time_zone)
    return {each: (last.astimezone(zone).date(), many) for each, last, many in rows}


def _held(practice: Practice, today: date) -> tuple[bool, set[UUID]]:
    """Whether a hold is on the whole practice; and on whose records."""
    holds = LegalHold.objects.filter(practice=practice, lifted_at=None)
    on = [each for each in holds.select_related("patient") if each.holds_on(today)]
    of_patients = {each.patient.surviving.pk for each in on if each.patient}
    return any(each.patient_id is None for each in on), of_patients


def _due_on(last_contact_on: date, birth_on: date | None, policy: RetentionPolicy) -> date | None:
    if birth_on is None:
        return None
    return max(
        years_after(last_contact_on, policy.years), years_after(birth_on, policy.minors_until)
    )


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of February 29, where there is none, March 1."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
