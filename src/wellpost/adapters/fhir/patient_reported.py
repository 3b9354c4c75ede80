"""An Observation from the patient to the datum it is, or the reason it is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from wellpost.adapters.fhir.elements import day_of
from wellpost.adapters.fhir.mapping import OBSERVED, PATIENT_SIDE
from wellpost.adapters.fhir.people import People, Unattributable
from wellpost.adapters.fhir.records import Observation, Provenance


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


def datum(one: Observation, people: People, told_by: Mapping[str, list[Provenance]]) -> Datum:
    """The datum an Observation is; Unattributable gives the reason when it is none.

    It is incorporated on the day that a Provenance records a clinician's part in it, and not
    before: what was only sent does not count.
    """
    if one.status not in OBSERVED:
        raise Unattributable("not_valid")
    patient_id = people.patient(one.subject)
    source = _source(one, people)
    received_on = day_of(one.issued)
    if received_on is None:
        raise Unattributable("no_day")
    practitioner_id, incorporated_on = _incorporated(told_by.get(one.id, []), people)
    npi = people.numbers.npis.get(practitioner_id, "")
    return Datum(one.id, patient_id, practitioner_id, npi, received_on, incorporated_on, source)


def _source(one: Observation, people: People) -> Literal["patient", "device"]:
    device = people.records.devices.get(one.device.id)
    if device and device.patient.id and device.patient.id == one.subject.id:
        return "device"
    kinds = {people.index.kind_of(who) for who in one.performers}
    if kinds & PATIENT_SIDE.keys():
        return "patient"
    raise Unattributable("not_from_the_patient")


def _incorporated(told: list[Provenance], people: People) -> tuple[str, date | None]:
    """The first clinician whom a Provenance names, with its day."""
    for provenance in sorted(told, key=lambda one: one.recorded):
        recorded_on = day_of(provenance.recorded)
        for agent in provenance.agents:
            try:
                if recorded_on:
                    return people.clinician(agent.who), recorded_on
            except Unattributable:
                continue
    return "", None
