"""How long the information of a visit was on its way to the patient, in business days.

As the measure counts them (`measures/patient_access.sql`): Monday to Friday but for the days on
which the practice is closed; the day on which the clinician had it is day 0, and the fourth is the
last in time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from wellpost.server.people.models import Practice
from wellpost.server.records.business_days import between
from wellpost.server.records.models import AccessGrant, ClosedDay, Encounter
from wellpost.terms import Period

ALLOWED = 4


@dataclass(frozen=True)
class Timing:
    """A visit; the day the clinician had its information, and the day the patient could reach it.

    Without `available_on` nothing of the visit is kept; without `reached_on` it waits still.
    """

    encounter_id: UUID
    seen_on: date
    clinician: str
    available_on: date | None
    reached_on: date | None
    closed: Collection[date] = ()

    @property
    def business_days(self) -> int | None:
        """How many it took; none where it waits."""
        return self.after(self.reached_on) if self.reached_on else None

    @property
    def late(self) -> bool:
        """Whether the measure calls it late, or missing."""
        taken = self.business_days
        return taken is None or taken > ALLOWED

    @property
    def due_on(self) -> date | None:
        """The last day in time."""
        if self.available_on is None:
            return None
        day = self.available_on
        while (self.after(day + timedelta(days=1)) or 0) <= ALLOWED:
            day += timedelta(days=1)
        return day

    def after(self, day: date) -> int | None:
        """How many business days it has taken on that day; none where nothing is kept."""
        if self.available_on is None:
            return None
        return between(self.available_on, day, self.closed) + 1 if day > self.available_on else 0


def late_visits(
    practice: Practice,
    patients: Collection[UUID],
    period: Period,
    npi: str | None,
    *,
    visits_only: bool,
) -> Mapping[UUID, Sequence[Timing]]:
    """The late visits of each person here in the period, to that clinician, the first first."""
    people = Q(patient__in=patients) | Q(patient__merged_into__in=patients)
    found = _standing(practice).filter(people, seen_on__range=(period.start, period.end))
    found = found.filter(clinician__npi=npi) if npi else found
    found = found.exclude(kind="other") if visits_only else found
    late: defaultdict[UUID, list[Timing]] = defaultdict(list)
    for person, timing in _timings(found, practice):
        if timing.late:
            late[person].append(timing)
    return late


def timings_of(practice: Practice, encounters: Collection[UUID]) -> Mapping[UUID, Timing]:
    """The visits of the practice among these."""
    found = _standing(practice).filter(pk__in=encounters)
    return {each.encounter_id: each for _, each in _timings(found, practice)}


def _standing(practice: Practice) -> QuerySet[Encounter]:
    return Encounter.objects.filter(practice=practice, cancelled_at=None)


def _timings(found: QuerySet[Encounter], practice: Practice) -> Iterator[tuple[UUID, Timing]]:
    closed = frozenset(
        ClosedDay.objects.filter(practice=practice).values_list("closed_on", flat=True)
    )
    joined = found.select_related("patient", "clinician", "access_grant").order_by("seen_on", "pk")
    for each in joined:
        permit: AccessGrant | None = getattr(each, "access_grant", None)
        yield (
            each.patient.merged_into_id or each.patient_id,
            Timing(
                each.pk,
                each.seen_on,
                each.clinician.name,
                permit.available_on if permit else None,
                _reached(permit) if permit else None,
                closed,
            ),
        )


def _reached(permit: AccessGrant) -> date | None:
    """From when both ways were there: on the portal and through an app."""
    if permit.vdt_on is None or permit.api_on is None:
        return None
    return max(permit.vdt_on, permit.api_on)
