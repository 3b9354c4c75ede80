"""An Observation or a document from the patient to the datum it is, or the reason it is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from wellpost.adapters.fhir.datatypes import Reference
from wellpost.adapters.fhir.elements import day_of
from wellpost.adapters.fhir.mapping import DOCUMENTED, OBSERVED, PATIENT_SIDE
from wellpost.adapters.fhir.people import People, Unattributable
from wellpost.adapters.fhir.resources import Document, Observation, Provenance


@dataclass(frozen=True, slots=True)
class Datum:
    """Data from the patient; without a clinician and a day until one took it into the record."""

    observation_id: str
    patient_id: str
    practitioner_id: str
    npi: str
    received_on: date
    incorporated_on: date | None
    source: Literal["patient", "device"]


def datum(
    one: Observation | Document, people: People, told_by: Mapping[str, list[Provenance]]
) -> Datum:
    """The datum an Observation or a document is; Unattributable gives the reason when it is none.

    It is incorporated on the day that a Provenance records a clinician's part in it, and not
    before: what was only sent does not count.
    """
    observed = isinstance(one, Observation)
    if one.status not in (OBSERVED if observed else DOCUMENTED):
        raise Unattributable("not_valid")
    patient_id = people.subject(one.subject, "Observation" if observed else "DocumentReference")
    source = _source(one, people)
    received_on = day_of(one.issued)
    if received_on is None:
        raise Unattributable("no_day")
    practitioner_id, incorporated_on = incorporated(told_by.get(one.id, []), people)
    npi = people.numbers.npis.get(practitioner_id, "")
    return Datum(one.id, patient_id, practitioner_id, npi, received_on, incorporated_on, source)


def _source(one: Observation | Document, people: People) -> Literal["patient", "device"]:
    device = people.records.devices.get(one.device.id)
    if device and device.patient.id and device.patient.id == one.subject.id:
        return "device"
    kinds = {who.type for who in one.performers}
    if kinds & PATIENT_SIDE.keys():
        return "patient"
    raise Unattributable("not_from_the_patient")


def incorporated(told: list[Provenance], people: People) -> tuple[str, date | None]:
    """The first clinician whom a Provenance names, with its day."""
    for provenance in told:
        recorded_on = day_of(provenance.recorded)
        practitioner_id = clinician_among([agent.who for agent in provenance.agents], people)
        if recorded_on and practitioner_id:
            return practitioner_id, recorded_on
    return "", None


def clinician_among(named: Iterable[Reference], people: People) -> str:
    """The id of the first of them who is a clinician; empty when none is."""
    for who in named:
        try:
            return people.clinician(who)
        except Unattributable:
            continue
    return ""
