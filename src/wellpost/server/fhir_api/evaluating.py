"""A MeasureReport of one reporter and measure, counted now and put on record as read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from wellpost.adapters.fhir.measure_reports import Making, individual, subject_list, summary
from wellpost.adapters.fhir.measure_words import POPULATIONS, Resource, population
from wellpost.engine.membership import Member, membership
from wellpost.reports.overrides import counted
from wellpost.reports.request import Request
from wellpost.reports.scorecard import Result, scorecard
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.quality.periods import Asked
from wellpost.server.quality.reporting import Asking
from wellpost.server.quality.reporting import asking as ask_for
from wellpost.server.quality.viewing import viewer
from wellpost.terms import Count, Reporter

from .asking import Evaluation
from .library import Named, base
from .listing import self_contained
from .outcomes import Refused


@dataclass(frozen=True)
class Evaluating:
    """One evaluation by one viewer: the facts, the request and how its report is made."""

    found: Asking
    making: Making

    @property
    def request(self) -> Request:
        """What is counted, under which policies."""
        return self.making.request

    def result(self) -> Result:
        """The count; 404 for a clinician who has no row in that year."""
        results = scorecard(self.found.source, self.request).results
        if not results:
            raise Refused(404, "not-found", "In that year nobody of this NPI was counted here.")
        return results[0]

    def members(self, patient_id: str | None = None) -> list[Member]:
        """Everybody of the denominator, or the one patient if they are in it."""
        (rule,), (level,) = self.request.measures, self.request.levels
        question = self.request.question(rule, level, patient_id=patient_id)
        return list(membership(self.found.source, question))


def evaluate(by: User, practice: Practice, named: Named, wanted: Evaluation) -> Resource:
    """The report, to one who may see it; NotAllowed for others. Every reading is on record."""
    evaluating = _evaluating(by, practice, named, wanted)
    if wanted.patient_id is not None:
        return _of_one(evaluating, wanted.patient_id)
    if wanted.kind == "subject-list":
        return _of_each(evaluating)
    report = summary(evaluating.result(), evaluating.making)
    evaluating.found.note(Deed.MEASURES_READ, measure=named.measure.value)
    return report


def _evaluating(by: User, practice: Practice, named: Named, wanted: Evaluation) -> Evaluating:
    """A clinician who says no practitioner, and may see but their own numbers, gets those."""
    npi = wanted.npi or viewer(by, practice).own_npi
    names_patients = wanted.kind != "summary"
    found = ask_for(
        by,
        practice,
        npi,
        Asked(named.program, named.year or wanted.period.start.year, wanted.period),
        permission=Permission.READ_WORKLIST if names_patients else Permission.READ_MEASURES,
        measure=named.measure,
    )
    request = replace(found.request, given=wanted.policies)
    return Evaluating(found, Making(request, clock.now(), base(), _patient_reference))


def _of_one(evaluating: Evaluating, patient_id: UUID) -> Resource:
    patient = _patient_here(evaluating.found.practice, patient_id)
    (rule,) = evaluating.request.measures
    members = evaluating.members(patient.pk.hex)
    report = (
        individual(rule, members[0], evaluating.making)
        if members
        else _not_seen(evaluating, patient)
    )
    _note_explained(evaluating.found, patient, rule.measure)
    return report


def _patient_here(practice: Practice, patient_id: UUID) -> Patient:
    patient = Patient.objects.filter(pk=patient_id, practice=practice).first()
    if patient is None:
        raise NotAllowed("there is no such patient here.")
    return patient.surviving


def _not_seen(evaluating: Evaluating, patient: Patient) -> Resource:
    """The report of a patient who is in no population of the reporter."""
    (rule,), (level,) = evaluating.request.measures, evaluating.request.levels
    asked = evaluating.request
    reporter = Reporter(level, tin=asked.tin, npi=asked.npi)
    day = asked.period.start  # a member has days; this report shows none
    nobody = Member(reporter, patient.pk.hex, False, None, None, None, None, day, day)
    nowhere = [population(code) | {"count": 0} for code in POPULATIONS]
    return individual(rule, nobody, evaluating.making) | {
        "group": [{"id": "main", "population": nowhere}]
    }


def _of_each(evaluating: Evaluating) -> Resource:
    """The counts and, contained, the report of each patient of the practice."""
    found, members = evaluating.found, evaluating.members()
    result = _counted(evaluating.result(), members, evaluating.request)
    ours = [each for each in members if each.patient_id in found.people.patients]
    report = subject_list(result, ours, evaluating.making)
    named = sorted(each.patient_id for each in ours)
    measure = result.rule.measure.value
    found.note(Deed.WORKLIST_READ, measure=measure, document="subject-list", patients=named)
    reports = [individual(result.rule, each, evaluating.making) for each in ours]
    return self_contained(report, reports, members)


def _counted(result: Result, members: list[Member], request: Request) -> Result:
    """The result by the members listed, so that no act in between sets count and list apart."""
    reached = sum(each.in_numerator for each in members)
    count = Count(result.rule.measure, result.reporter, len(members), reached)
    return replace(result, count=counted(count, request.overrides))


def _note_explained(found: Asking, patient: Patient, measure: str) -> None:
    asked = found.asked
    record(
        by=found.by,
        deed=Deed.EXPLANATION_READ,
        practice_id=found.practice.pk,
        patient_id=patient.pk,
        details={
            "program": asked.program,
            "year": asked.year,
            "period": str(asked.period),
            "npi": found.npi,
            "measure": measure,
        },
    )


def _patient_reference(patient_id: str) -> Resource:
    return {"reference": f"Patient/{UUID(patient_id)}", "type": "Patient"}
