"""Numbers, worklist and explanation for one viewer. Each reading is on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from wellpost.engine.membership import membership
from wellpost.facts.sources import Source
from wellpost.reports.explanation import Explanation, explanations
from wellpost.reports.request import Request
from wellpost.reports.scorecard import Scorecard
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import Clinician, Patient, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.terms import Measure

from .lateness import Timing, late_visits
from .periods import Asked
from .planned import next_visits
from .reach import Reached, Reaching
from .requests import request_of, request_of_everybody, said_apart
from .viewing import viewer
from .waiting import waiting_from_home

PAGE = 50
"""Patients on one page of a worklist."""


@dataclass(frozen=True)
class Listed:
    """A patient of the denominator who is not in the numerator yet.

    `sent`: the kind of what came from home and waits to be looked at; `late`: visits whose
    information came late. Each only where the measure asks for it.
    """

    patient: Patient
    last_seen_on: date
    reached: Reached
    next_visit_on: date | None = None
    sent: str = ""
    late: Sequence[Timing] = ()


@dataclass(frozen=True)
class Worklist:
    """One page of those whom the viewer may name.

    `waiting` is how many there are in all, `elsewhere` how many of them at other practices.
    """

    rows: Sequence[Listed]
    waiting: int
    elsewhere: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-(self.waiting - self.elsewhere) // PAGE))


def practice_scorecard(
    by: User, practice: Practice, asked: Asked, *, again: bool = False
) -> Scorecard:
    """Every clinician of the practice as the program reports them, and the practice as a group.

    One who is a clinician there and nothing else gets their own row. `again`: an open page asks
    for the numbers that it shows already; that is the reading on record.
    """
    own_npi = viewer(by, practice).own_npi
    found = request_of(practice, own_npi, asked).card() if own_npi else _all_of(practice, asked)
    if not again:
        _record(by, practice, Deed.MEASURES_READ, asked)
    return found


def reporter_scorecard(
    by: User, practice: Practice, npi: str | None, asked: Asked, *, again: bool = False
) -> Scorecard:
    """One clinician as the program reports them, or the practice as a group (npi None).

    `again` as of `practice_scorecard`.
    """
    viewer(by, practice).require(npi, Permission.READ_MEASURES)
    found = request_of(practice, npi, asked).card()
    if not again:
        _record(by, practice, Deed.MEASURES_READ, asked, npi=npi)
    return found


def worklist(
    by: User,
    practice: Practice,
    npi: str | None,
    measure: str,
    asked: Asked,
    page: int = 1,
    sort: str = "reachable",
) -> Worklist:
    """Who has not been reached yet, sorted by a name of ORDERS; a minus before it: falling."""
    viewer(by, practice).require(npi, Permission.READ_WORKLIST)
    source, request = _of_reporter(practice, npi, asked, measure)
    last_seen = _waiting(source, request)
    patients = patients_here(practice, last_seen)
    reaching, planned = Reaching(practice), next_visits(practice)
    of_data = request.measures[0].measure is Measure.PATIENT_GENERATED_DATA
    sent = waiting_from_home(practice) if of_data else {}
    every = [
        Listed(each, last_seen[pk], reaching.of(each), planned.get(pk), sent.get(pk, ""))
        for pk, each in patients.items()
    ]
    rows = _sorted(every, sort)[(page - 1) * PAGE : page * PAGE]
    if request.measures[0].measure is Measure.PATIENT_ACCESS:
        rows = _with_late_visits(rows, practice, request, npi)
    named = [str(each.patient.pk) for each in rows]
    _record(by, practice, Deed.WORKLIST_READ, asked, npi=npi, measure=measure, patients=named)
    return Worklist(rows, len(last_seen), len(last_seen) - len(every), page)


def explanation(
    by: User, practice: Practice, npi: str | None, measure: str, patient_id: UUID, asked: Asked
) -> tuple[Patient, Explanation]:
    """Why the patient counts or does not. NotAllowed for a patient of another practice."""
    viewer(by, practice).require(npi, Permission.READ_WORKLIST)
    patient = Patient.objects.filter(pk=patient_id, practice=practice).first()
    if patient is None:
        raise NotAllowed("there is no such patient here.")
    kept = patient.surviving
    source, request = _of_reporter(practice, npi, asked, measure)
    (found,) = explanations(source, request, kept.pk.hex)
    record(
        by=by,
        deed=Deed.EXPLANATION_READ,
        practice_id=practice.pk,
        patient_id=kept.pk,
        details={**_details(asked), "npi": npi, "measure": measure},
    )
    return kept, found


def reached_patients(
    by: User, practice: Practice, npi: str | None, measure: str, asked: Asked
) -> Sequence[tuple[Patient, date]]:
    """Who is in the numerator, with the day it counts from, by name."""
    viewer(by, practice).require(npi, Permission.READ_WORKLIST)
    source, request = _of_reporter(practice, npi, asked, measure)
    members = membership(source, request.question(request.measures[0], request.levels[0]))
    days = {UUID(each.patient_id): each.acted_on for each in members if each.acted_on}
    patients = patients_here(practice, days)
    named = [str(pk) for pk in patients]
    _record(by, practice, Deed.WORKLIST_READ, asked, npi=npi, measure=measure, patients=named)
    return [(each, days[pk]) for pk, each in patients.items()]


def names(practice: Practice) -> Mapping[str, str]:
    """The names of every clinician who ever belonged to the practice or saw somebody there."""
    belonging = Clinician.objects.filter(memberships__practice=practice)
    seen = Clinician.objects.filter(encounters__practice=practice)
    return dict((belonging.distinct() | seen.distinct()).values_list("npi", "name"))


def _all_of(practice: Practice, asked: Asked) -> Scorecard:
    """The group's row and each clinician's; who answered apart is asked about apart."""
    group = request_of(practice, None, asked).card()
    every = request_of_everybody(practice, asked).card()
    apart = {npi: request_of(practice, npi, asked).card() for npi in said_apart(practice, asked)}
    alike = [each for each in every.results if each.reporter.npi not in apart]
    others = [each for card in apart.values() for each in card.results]
    return replace(group, results=(*alike, *others, *group.results))


def _of_reporter(
    practice: Practice, npi: str | None, asked: Asked, measure: str
) -> tuple[Source, Request]:
    found = request_of(practice, npi, asked, measure=measure)
    return found.source, found.request


def _waiting(source: Source, request: Request) -> dict[UUID, date]:
    members = membership(source, request.question(request.measures[0], request.levels[0]))
    return {UUID(each.patient_id): each.last_seen_on for each in members if not each.in_numerator}


def _with_late_visits(
    rows: Sequence[Listed], practice: Practice, request: Request, npi: str | None
) -> list[Listed]:
    late = late_visits(
        practice,
        [each.patient.pk for each in rows],
        request.period,
        npi,
        visits_only=request.policies_in_force()["seen"] == "visits_only",
    )
    return [replace(each, late=late.get(each.patient.pk, ())) for each in rows]


def patients_here(practice: Practice, wanted: Mapping[UUID, object]) -> dict[UUID, Patient]:
    """By name. Chosen here and not by a long list of values, which SQLite refuses."""
    every = Patient.objects.filter(practice=practice, merged_into__isnull=True)
    return {each.pk: each for each in every.iterator() if each.pk in wanted}


def _by_name(row: Listed) -> tuple[str, str, str]:
    who = row.patient
    return who.family_name.casefold(), who.given_name.casefold(), str(who.pk)


ORDERS: Mapping[str, Callable[[Listed], Any]] = {
    "reachable": lambda row: (
        not row.sent,
        not row.reached.reachable,
        -row.last_seen_on.toordinal(),
    ),
    "name": _by_name,
    "last_seen": lambda row: row.last_seen_on,
    "next_visit": lambda row: row.next_visit_on or date.max,
}
"""By what a worklist can be sorted; who comes to no visit is last of those sorted by the next."""


def _sorted(rows: Sequence[Listed], sort: str) -> list[Listed]:
    by = ORDERS.get(sort.removeprefix("-"), ORDERS["reachable"])
    return sorted(sorted(rows, key=_by_name), key=by, reverse=sort.startswith("-"))


def _details(asked: Asked) -> dict[str, object]:
    return {"program": asked.program, "year": asked.year, "period": str(asked.period)}


def _record(by: User, practice: Practice, deed: Deed, asked: Asked, **more: object) -> None:
    details = {**_details(asked), **more}
    record(by=by, deed=deed, practice_id=practice.pk, category="measures", details=details)
