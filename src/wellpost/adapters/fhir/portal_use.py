"""An AuditEvent to the use of the patient's information it tells of, or why it tells of none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from wellpost.adapters.fhir.datatypes import Reference
from wellpost.adapters.fhir.elements import day_of
from wellpost.adapters.fhir.mapping import SUCCEEDED, Use, use_of
from wellpost.adapters.fhir.people import People, Unattributable
from wellpost.adapters.fhir.resources import Event


@dataclass(frozen=True, slots=True)
class PortalUse:
    """A use by the patient's side; tin is empty where nobody says whose portal it was."""

    event_id: str
    patient_id: str
    tin: str
    acted_on: date
    action: Use
    acted_by: Literal["patient", "representative"]


def portal_use(event: Event, people: People) -> PortalUse:
    """The use an AuditEvent tells of; Unattributable gives the reason when it tells of none."""
    if event.outcome not in SUCCEEDED:
        raise Unattributable("not_successful")
    action = use_of(event.codes, event.action)
    if action is None:
        raise Unattributable("no_use")
    patient_id = people.patient(whose(event, people))
    acted_on = day_of(event.recorded)
    if acted_on is None:
        raise Unattributable("no_day")
    itself = event.acting.type == "Patient" and _is(event.acting, patient_id, people)
    acted_by: Literal["patient", "representative"] = "patient" if itself else "representative"
    return PortalUse(event.id, patient_id, _tin(event, people), acted_on, action, acted_by)


def whose(event: Event, people: People) -> Reference:
    """Whose information it was: the first patient among what was touched, else who acted, else
    the patient for whom a representative acts.
    """
    touched = next((one for one in event.entities if one.type == "Patient"), None)
    if touched or event.acting.type == "Patient":
        return touched or event.acting
    acting = people.records.related_persons.get(event.acting.id)
    return acting.patient if acting else Reference()


def _is(who: Reference, patient_id: str, people: People) -> bool:
    try:
        return people.patient(who) == patient_id
    except Unattributable:
        return False


def _tin(event: Event, people: People) -> str:
    try:
        return people.numbers.tins[people.organization(event.observer)]
    except Unattributable:
        return ""
