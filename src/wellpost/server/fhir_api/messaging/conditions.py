"""What each parameter of a search asks of threads, and of messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Q

from wellpost.server.clock import time as clock
from wellpost.server.messaging.models import Addressee, Participant, SenderKind, ThreadState
from wellpost.server.people.fhir_ids import organization_id
from wellpost.server.people.models import Patient, Representative

from ..outcomes import wrong
from .asker import Asker
from .asking import Criterion, at, key, keys, links
from .references import Directory
from .resources import NOTIFICATION, reasons_system

Pair = tuple[Q, Q]
"""What is asked of threads, and of messages."""
ALL, NONE = Q(pk__isnull=False), Q(pk__in=[])
KINDS = ("Patient", "RelatedPerson", "Practitioner", "Organization")


@dataclass(frozen=True)
class About:
    """Who asks, and about whom: one patient, or (None) all."""

    asker: Asker
    patient: Patient | None

    @cached_property
    def directory(self) -> Directory:
        """The people of the practice."""
        return Directory(self.asker.practice)


def _ids(criterion: Criterion, about: About) -> Pair:
    held = Q(pk__in=keys(criterion.values))
    return held, held


def _patient(criterion: Criterion, about: About) -> Pair:
    """The patient of the sight, or nobody: another's messages are as good as none."""
    named = {identifier for _, identifier in links(criterion.values, "Patient")}
    patient = about.patient
    known = set(about.asker.reader.records) if about.asker.reader else named
    held = ALL if patient and named & (known | {patient.pk}) else NONE
    return held, held


def _sender(criterion: Criterion, about: About) -> Pair:
    condition = NONE
    for kind, identifier in links(criterion.values, *_kinds(criterion)):
        condition |= _SENT_BY[kind](identifier, about)
    return NONE, condition


def _recipient(criterion: Criterion, about: About) -> Pair:
    threads, messages = NONE, NONE
    for kind, identifier in links(criterion.values, *_kinds(criterion)):
        of_threads, of_messages = _SENT_TO[kind](identifier, about)
        threads, messages = threads | of_threads, messages | of_messages
    return threads, messages


def _kinds(criterion: Criterion) -> tuple[str, ...]:
    return (criterion.modifier,) if criterion.modifier else KINDS


def _by_patient(identifier: UUID, about: About) -> Q:
    return Q(sender_kind=SenderKind.PATIENT) & _of_person("thread__patient", identifier)


def _by_representative(identifier: UUID, about: About) -> Q:
    return Q(sender_kind=SenderKind.REPRESENTATIVE, representative=identifier)


def _by_practitioner(identifier: UUID, about: About) -> Q:
    held = about.directory.members.get(identifier, [])
    clinicians = [each.clinician_id for each in held if each.clinician_id]
    users = [each.user_id for each in held if each.user_id]
    written = Q(sender_kind=SenderKind.CLINICIAN, clinician__in=clinicians)
    return written | Q(sender_kind=SenderKind.STAFF, sender__in=users)


def _by_practice(identifier: UUID, about: About) -> Q:
    here = identifier == organization_id(about.asker.practice)
    automatic = Q(sender_kind=SenderKind.AUTOMATED)
    imported = Q(sender_kind=SenderKind.STAFF, sender=None)
    unknown = Q(sender_kind=SenderKind.CLINICIAN, clinician=None)
    return automatic | imported | unknown if here else NONE


def _to_patient(identifier: UUID, about: About) -> Pair:
    to = Q(sent_to=Addressee.PATIENT) & _of_person("thread__patient", identifier)
    return _of_person("patient", identifier), to


def _to_representative(identifier: UUID, about: About) -> Pair:
    to = Q(sent_to=Addressee.REPRESENTATIVE, representative=identifier)
    held = Representative.objects.select_related("patient__practice").filter(pk=identifier)
    acting = [each for each in held if each.may_message and _acts_today(each, about.asker)]
    threads = NONE
    for each in acting:
        threads |= _of_person("patient", each.patient.merged_into_id or each.patient_id)
    return threads, to


def _acts_today(representative: Representative, asker: Asker) -> bool:
    same = representative.patient.practice_id == asker.practice.pk
    return same and representative.active_on(clock.today(asker.practice.time_zone))


def _to_practitioner(identifier: UUID, about: About) -> Pair:
    held = about.directory.members.get(identifier, [])
    there = Participant.objects.filter(membership__in=held).values("thread")
    return Q(pk__in=there), Q(sent_to=Addressee.CLINICIAN, addressed_to__in=held)


def _to_practice(identifier: UUID, about: About) -> Pair:
    if identifier != organization_id(about.asker.practice):
        return NONE, NONE
    return ALL, Q(sent_to=Addressee.CLINICIAN, addressed_to=None)


def _of_person(column: str, identifier: UUID) -> Q:
    """Of the surviving record, by which the resources refer to patients."""
    return Q(**{column: identifier, f"{column}__merged_into": None}) | Q(
        **{f"{column}__merged_into": identifier}
    )


def _part_of(criterion: Criterion, about: About) -> Pair:
    if criterion.modifier != "missing":
        named = links(criterion.values, "Communication")
        return NONE, Q(thread__in=[identifier for _, identifier in named])
    if criterion.values not in (("true",), ("false",)):
        raise wrong("part-of:missing is true or false.", "value")
    return (ALL, NONE) if criterion.values == ("true",) else (NONE, ALL)


def _answers(criterion: Criterion, about: About) -> Pair:
    named = links(criterion.values, "Communication")
    return NONE, Q(in_reply_to__in=[identifier for _, identifier in named])


def _status(criterion: Criterion, about: About) -> Pair:
    threads, messages = NONE, NONE
    for each in criterion.values:
        of_threads, of_messages = _STATES.get(each.rpartition("|")[2], (NONE, NONE))
        threads, messages = threads | of_threads, messages | of_messages
    return threads, messages


def _category(criterion: Criterion, about: About) -> Pair:
    threads, messages = NONE, NONE
    for each in criterion.values:
        system, bar, code = each.rpartition("|")
        reason = key(code)
        if reason and (not bar or system == reasons_system()):
            threads |= Q(task__reason=reason)
        if code == "notification" and (not bar or system == NOTIFICATION):
            messages |= Q(sender_kind=SenderKind.AUTOMATED)
    return threads, messages


def _when(column: str) -> Callable[[Criterion, About], Pair]:
    def condition(criterion: Criterion, about: About) -> Pair:
        held = at(column, criterion, about.asker.zone)
        return held, held

    return condition


_STATES: dict[str, Pair] = {
    "in-progress": (Q(state=ThreadState.OPEN), NONE),
    "completed": (~Q(state=ThreadState.OPEN), Q(retracted_at=None)),
    "entered-in-error": (NONE, ~Q(retracted_at=None)),
}
_SENT_BY: dict[str, Callable[[UUID, About], Q]] = {
    "Patient": _by_patient,
    "RelatedPerson": _by_representative,
    "Practitioner": _by_practitioner,
    "Organization": _by_practice,
}
_SENT_TO: dict[str, Callable[[UUID, About], Pair]] = {
    "Patient": _to_patient,
    "RelatedPerson": _to_representative,
    "Practitioner": _to_practitioner,
    "Organization": _to_practice,
}
CONDITIONS: dict[str, Callable[[Criterion, About], Pair]] = {
    "_id": _ids,
    "patient": _patient,
    "subject": _patient,
    "sender": _sender,
    "recipient": _recipient,
    "sent": _when("sent"),
    "_lastUpdated": _when("changed"),
    "part-of": _part_of,
    "status": _status,
    "category": _category,
    "in-response-to": _answers,
}
