"""To whom a patient can write: what a practice offers, and whom they know there."""

from __future__ import annotations

from wellpost.server.messaging.models import Participant
from wellpost.server.people.models import Membership, Patient
from wellpost.server.people.permissions import same_person
from wellpost.server.people.queries import clinicians_of
from wellpost.server.records.models import Encounter


def clinicians_for(patient: Patient) -> list[Membership]:
    """The practice's clinicians of today who saw the patient or take part in their threads."""
    records = Patient.objects.filter(same_person(patient.pk))
    seen = Encounter.objects.filter(patient__in=records, cancelled_at__isnull=True)
    taking_part = Participant.objects.filter(thread__patient__in=records)
    known = set(seen.values_list("clinician_id", flat=True))
    known |= set(taking_part.values_list("membership__clinician_id", flat=True))
    return [each for each in clinicians_of(patient.practice) if each.clinician_id in known]
