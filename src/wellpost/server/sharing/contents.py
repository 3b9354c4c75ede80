"""What a download or a sending holds: the record as its reader may see it, all or some days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from wellpost.adapters.fhir.exact import read_exact, write_exact
from wellpost.adapters.fhir.plain import SECTIONS
from wellpost.server.people.models import Patient, User
from wellpost.server.records.models import Resource
from wellpost.server.records.queries import released, seen_at

from .patients import as_fhir

REFERENCE = re.compile(
    r'"reference":\s*"([A-Z][A-Za-z]+)/'
    r'([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"'
)
AT_ONCE = 500
DEEPEST = 3
"""A role names a practitioner, that an organization, that another: no further."""


@dataclass(frozen=True)
class Contents:
    """The record of a patient as `by` may see it, from `start` to `end` (both in it; None: all)."""

    patient: Patient
    by: User
    start: date | None = None
    end: date | None = None

    @property
    def rows(self) -> QuerySet[Resource]:
        """Every resource of these days, the latest first; NotAllowed for who may not see it."""
        return released(self.patient, self.by, start=self.start, end=self.end).exclude(
            kind="Patient"
        )

    def sections(self) -> list[tuple[str, int]]:
        """How many entries each section has, in the order of the record's page."""
        found = self.rows.order_by().values_list("section").annotate(entries=Count("pk"))
        counted = dict(found)
        return [(_(title), counted[name]) for name, title in SECTIONS.items() if name in counted]

    @property
    def size(self) -> int:
        """About how many bytes of JSON there are."""
        return self.rows.aggregate(size=Sum(Length("body")))["size"] or 0

    def bodies(self) -> Iterator[str]:
        """The JSON of the patient, of each resource, and of what they refer to."""
        wanted: set[UUID] = set()
        for body in self._people():
            wanted |= _named_in(body)
            yield body
        for row in self.rows.only("body").iterator(chunk_size=AT_ONCE):
            wanted |= _named_in(row.body)
            yield row.body
        yield from self._referred(wanted)

    def resources(self) -> Iterator[dict[str, Any]]:
        """The same, read."""
        for body in self.bodies():
            yield read_exact(body)

    def _people(self) -> Iterator[str]:
        """The patient as FHIR has it, whatever the days; made from what is written here if none."""
        kept = released(self.patient, self.by, kinds={"Patient"}).only("body", "patient_id")
        own = self.patient.surviving.pk
        bodies = [row.body for row in sorted(kept, key=lambda row: row.patient_id != own)]
        yield from bodies or [write_exact(as_fhir(self.patient))]

    def _referred(self, wanted: set[UUID]) -> Iterator[str]:
        """Practitioners, organizations and places that the record mentions, and theirs."""
        given: set[UUID] = set()
        for _step in range(DEEPEST):
            new, wanted = wanted - given, set()
            for some in _in_parts(sorted(new)):
                for row in seen_at(self.patient.practice, some).only("body"):
                    wanted |= _named_in(row.body)
                    yield row.body
            given |= new


def _named_in(body: str) -> set[UUID]:
    """The ids of everything that a resource refers to."""
    return {UUID(name) for _kind, name in REFERENCE.findall(body)}


def _in_parts(names: list[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(names), AT_ONCE):
        yield names[start : start + AT_ONCE]
