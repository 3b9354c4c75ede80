"""What the server knows of an act beyond its day: by whom, through which app, how late it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wellpost.engine.evidence import Considered
from wellpost.reports.explanation import Explanation
from wellpost.server.from_home.kinds import LABELS
from wellpost.server.from_home.models import HomeDatum, Source
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import Permission, may, same_person
from wellpost.server.quality.lateness import Timing, timings_of
from wellpost.server.records.models import PortalAction
from wellpost.terms import Measure

from .words import business_days


def details(found: Explanation, practice: Practice, by: User) -> Mapping[Considered, str]:
    """For each act of the explanation what is known of it at this practice; none of others'."""
    if found.rule.measure is Measure.PATIENT_ACCESS:
        return dict(_of_access(found.found, practice))
    patient = UUID(found.patient_id)
    if found.rule.measure is Measure.VIEW_DOWNLOAD_TRANSMIT:
        return dict(_of_uses(found.found, _here(patient, practice)))
    if found.rule.measure is Measure.PATIENT_GENERATED_DATA:
        return dict(_of_data(found.found, _here(patient, practice), by, practice))
    return {}


def _here(patient: UUID, practice: Practice) -> QuerySet[Patient]:
    return Patient.objects.filter(same_person(patient), practice=practice)


def _of_uses(
    acts: Sequence[Considered], patients: QuerySet[Patient]
) -> Iterator[tuple[Considered, str]]:
    """Who used the record, and through which app. To whom it was sent is the patient's business."""
    told: defaultdict[tuple[date, str], set[str]] = defaultdict(set)
    for each in PortalAction.objects.filter(patient__in=patients):
        told[each.acted_on, each.action].add(_who(each))
    for act in acts:
        if (act.on, act.what) in told:
            yield act, ", ".join(sorted(told[act.on, act.what]))


def _who(each: PortalAction) -> str:
    by_patient = each.acted_by == "patient"
    if each.through:
        said = _("the patient's app %(app)s") if by_patient else _("a representative's app %(app)s")
        return said % {"app": each.through}
    return _("by the patient") if by_patient else _("by a representative")


def _of_data(
    acts: Sequence[Considered], patients: QuerySet[Patient], by: User, practice: Practice
) -> Iterator[tuple[Considered, str]]:
    """What it was, for who may read the chart, and through which app it came."""
    reads_chart = may(by, Permission.READ_CHART, practice)
    told: defaultdict[tuple[date, date | None], set[str]] = defaultdict(set)
    data = HomeDatum.objects.filter(patient__in=patients).exclude(counts=None)
    for each in data.select_related("counts"):
        assert each.counts is not None  # noqa: S101 - they were asked for
        said = str(LABELS[each.kind]) if reads_chart else ""
        if each.source == Source.DEVICE and each.batch_id is None and each.through:
            said = f"{said} " + _("through %(app)s") % {"app": each.through}
        told[each.counts.received_on, each.counts.incorporated_on].add(said.strip())
    for act in acts:
        said = ", ".join(sorted(told.get((act.on, act.counted_on), set()) - {""}))
        if act.what == "incorporated_data" and said:
            yield act, said


def _of_access(acts: Sequence[Considered], practice: Practice) -> Iterator[tuple[Considered, str]]:
    wanted = {UUID(each.identifier) for each in acts if each.identifier}
    timings = timings_of(practice, wanted)
    for act in acts:
        timing = timings.get(UUID(act.identifier)) if act.identifier else None
        if timing is not None and act.what == "access":
            yield act, _took(timing)


def _took(timing: Timing) -> str:
    if timing.available_on is None:
        return _("nothing of this visit is in the record")
    said = {"since": date_format(timing.available_on, "F j, Y")}
    if timing.reached_on is None or timing.business_days is None:
        return _("with the clinician since %(since)s; the patient cannot reach it yet") % said
    said["on"] = date_format(timing.reached_on, "F j, Y")
    said["taken"] = business_days(timing.business_days)
    return _("with the clinician on %(since)s, with the patient on %(on)s: %(taken)s") % said
