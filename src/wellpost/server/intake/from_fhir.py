"""FHIR facts as a batch: each practice gets the patients it saw, and what it did for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from wellpost.adapters.fhir import FhirFacts
from wellpost.adapters.fhir.conversations import Letter
from wellpost.adapters.fhir.datatypes import Identifier
from wellpost.adapters.fhir.resources import Patient

from .batch import (
    FHIR,
    Batch,
    DatumRow,
    Days,
    MessageRow,
    PatientKey,
    PatientRow,
    PlannedRow,
    VisitRow,
)
from .report import ImportReport

FHIR_ID = "fhir:Patient"
"""The system of a patient's FHIR id among the practice's identifiers."""

_RECORD_NUMBERS = frozenset({"MR", "MRT", "PI"})
"""Identifiers worth keeping (HL7 table 0203): record numbers. Never social security numbers,
licences or passports: nothing here needs them."""


def batch_of(
    facts: FhirFacts, report: ImportReport, *, today: date, only_tin: str | None = None
) -> Batch:
    """The batch of a folder's facts, of one practice or of all; `report` gets what is left out.

    `today` is the first day of those who have neither a role with days nor a visit.
    """
    batch = Batch(FHIR, says_what_stands=True)
    _take_roster(batch, facts, today, only_tin)
    _take_visits(batch, facts, report)
    _take_data(batch, facts, report)
    _take_planned(batch, facts, report)
    _take_patients(batch, facts, report)
    _take_messages(batch, facts, report)
    batch.withdrawn = {
        record.id
        for record in facts.people.records.encounters.values()
        if record.status in ("cancelled", "entered-in-error")
    }
    planned = {each.appointment_id for each in facts.planned}
    batch.called_off = facts.people.records.appointments.keys() - planned
    return batch


def _take_roster(batch: Batch, facts: FhirFacts, today: date, only_tin: str | None) -> None:
    records = facts.people.records
    first_seen: dict[tuple[str, str], date] = {}
    for visit in facts.visits:
        pair = visit.npi, visit.tin
        first_seen[pair] = min(visit.seen_on, first_seen.get(pair, visit.seen_on))
    for post in sorted(facts.posts, key=lambda one: (one.tin, one.npi, one.starts_on or date.min)):
        if only_tin not in (None, post.tin):
            continue
        place, person = records.organizations[post.organization_id], records.practitioners
        batch.practices.setdefault(post.tin, place.name or f"Practice {post.tin}")
        batch.clinicians.setdefault(post.npi, person[post.practitioner_id].name or post.npi)
        starts_on = post.starts_on or first_seen.get((post.npi, post.tin), today)
        batch.memberships[post.npi, post.tin] = Days(
            starts_on, post.ends_on, said=post.starts_on is not None
        )


def _take_visits(batch: Batch, facts: FhirFacts, report: ImportReport) -> None:
    for visit in facts.visits:
        if visit.tin not in batch.practices:
            report.leave_out("visits", "of another practice")
            continue
        batch.visits.append(
            VisitRow(
                visit.tin,
                visit.encounter_id,
                visit.patient_id,
                visit.npi,
                visit.seen_on,
                visit.kind,
            )
        )


def _take_data(batch: Batch, facts: FhirFacts, report: ImportReport) -> None:
    """Data go to the practice whose clinician took them in, else to all that saw the patient."""
    seen_at = defaultdict(set)
    for visit in batch.visits:
        seen_at[visit.patient_id].add(visit.tin)
    posts = defaultdict(set)
    for npi, tin in batch.memberships:
        posts[npi].add(tin)
    for one in facts.data:
        tins = seen_at[one.patient_id] & posts[one.npi] if one.npi else seen_at[one.patient_id]
        if not tins:
            report.leave_out("patients' data", "of no practice that saw the patient")
        for tin in sorted(tins):
            batch.data.append(
                DatumRow(
                    tin,
                    one.observation_id,
                    one.patient_id,
                    one.npi,
                    one.received_on,
                    one.incorporated_on,
                    one.source,
                )
            )


def _take_planned(batch: Batch, facts: FhirFacts, report: ImportReport) -> None:
    for one in facts.planned:
        if one.tin not in batch.practices:
            report.leave_out("planned visits", "at another practice, or at none in particular")
            continue
        row = PlannedRow(
            one.tin, one.appointment_id, one.patient_id, one.npi, one.planned_on, one.kind
        )
        batch.planned.append(row)


def _take_messages(batch: Batch, facts: FhirFacts, report: ImportReport) -> None:
    """Messages that the patient's side wrote or can read; others have no place in a thread."""
    for letter in facts.letters:
        if not letter.patient_included:
            report.leave_out("messages", "the patient takes no part in them")
        elif letter.tin not in batch.practices:
            report.leave_out("messages", "of another practice, or of none in particular")
        else:
            batch.messages.append(_message(letter, facts))


def _message(letter: Letter, facts: FhirFacts) -> MessageRow:
    communications = facts.people.records.communications
    written, thread = communications[letter.message_id], communications[letter.thread_id]
    return MessageRow(
        letter.tin,
        letter.message_id,
        letter.thread_id,
        letter.patient_id,
        letter.npi,
        _moment(written.sent, letter.sent_on),
        letter.sent_on,
        letter.sent_by,
        letter.sent_to,
        letter.in_reply_to,
        thread.topic or written.topic or "Imported conversation",
        written.text,
    )


def _moment(sent: str, sent_on: date) -> datetime:
    """When it was sent; noon UTC of its day where only the day is told."""
    try:
        moment = datetime.fromisoformat(sent)
    except ValueError:
        moment = datetime.combine(sent_on, time(12))
    return moment if "T" in sent and moment.tzinfo else datetime.combine(sent_on, time(12), UTC)


def _take_patients(batch: Batch, facts: FhirFacts, report: ImportReport) -> None:
    """A record at each practice that saw or wrote to one; at an only practice, everybody's."""
    records, standing = facts.people.records.patients, facts.people.standing
    came: tuple[VisitRow | MessageRow | PlannedRow, ...] = (
        *batch.visits,
        *batch.messages,
        *batch.planned,
    )
    for key in sorted({PatientKey(each.tin, each.patient_id) for each in came}):
        batch.patients[key] = _row(records[key.patient_id])
    seen = {key.patient_id for key in batch.patients}
    unseen = sorted(id_ for id_ in records if id_ not in seen and standing(id_) == id_)
    only = next(iter(batch.practices)) if len(batch.practices) == 1 else None
    if only and len({visit.tin for visit in facts.visits}) <= 1:
        batch.patients |= {PatientKey(only, id_): _row(records[id_]) for id_ in unseen}
    else:
        report.leave_out("patients", "seen by no practice that is imported", len(unseen))


def _row(patient: Patient) -> PatientRow:
    return PatientRow(
        given_name=patient.given[:100] or "(no given name)",
        family_name=patient.family[:100] or "(no family name)",
        birth_on=patient.birth_date,
        sex=patient.sex[:10],
        email=patient.email[:254],
        phone=patient.phone[:40],
        address="\n".join(patient.address),
        identifiers=((FHIR_ID, patient.id[:200]), *_kept(patient.identifiers)),
    )


def _kept(identifiers: Iterable[Identifier]) -> list[tuple[str, str]]:
    return [
        (one.system[:200], one.value[:200])
        for one in dict.fromkeys(identifiers)
        if one.type_code in _RECORD_NUMBERS and one.system
    ]
