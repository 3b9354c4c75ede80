"""The record: FHIR R4 resources kept as they came, and what is searched in them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from wellpost.server.people.models import Patient, Practice

from .care import Encounter


class Resource(models.Model):
    """One FHIR R4 resource that a practice keeps.

    `body` is its JSON as the API gives it: as it came, with this server's ids in `id` and in
    references. `came` is the text as it came, compressed (zlib), where that differs. Resources of
    no patient (Practitioner, Organization, Location, Medication) have none and are the practice's.
    `section` is the part of the record it is shown in, `concept` (`system|code`, or `text:` and the
    words) what it is about, `past` that it no longer holds, as `adapters.fhir.plain` reads them.
    `occurred_at` is the moment the resource is about; `available_to_clinician_at` when the
    practice had it, `available_to_patient_at` from when on the patient's side may see it (none:
    not yet), both in UTC. `withdrawn_at`: taken back by its source, and shown no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="resources"
    )
    encounter = models.ForeignKey(
        Encounter, null=True, blank=True, on_delete=models.PROTECT, related_name="resources"
    )
    kind = models.CharField(max_length=40)
    section = models.CharField(max_length=20, blank=True)
    concept = models.CharField(max_length=200, blank=True)
    past = models.BooleanField(default=False)
    body = models.TextField()
    came = models.BinaryField(null=True)
    version = models.PositiveIntegerField(default=1)
    occurred_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    available_to_clinician_at = models.DateTimeField()
    available_to_patient_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    source_system = models.CharField(max_length=200, blank=True)
    source_id = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kind", "source_system", "source_id"],
                condition=~models.Q(source_id=""),
                name="one_resource_an_identifier",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "kind", "-occurred_at"]),
            models.Index(fields=["patient", "section", "concept", "-occurred_at"]),
            models.Index(fields=["practice", "kind"]),
        ]


class ResourceToken(models.Model):
    """A value one can search a resource by: a code, an identifier, a reference, a folded name.

    `parameter` is the FHIR search parameter; a reference has the type in `system` and the id in
    `code`. The patient stands here again, so that a search never leaves a patient's own rows.
    """

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="tokens")
    patient = models.ForeignKey(Patient, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    parameter = models.CharField(max_length=40)
    system = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["patient", "kind", "parameter", "code"])]


class ResourceMoment(models.Model):
    """A time one can search a resource by, as the span FHIR gives it: [starts_at, ends_at)."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="moments")
    patient = models.ForeignKey(Patient, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    parameter = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "kind", "parameter", "starts_at"])]


class RecordVisit(models.Model):
    """When a user last looked at a patient's record, and when before that: what is new between."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    looked_at = models.DateTimeField()
    looked_before_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "patient"], name="one_visit_a_user_and_record"),
        ]


class ReleaseHold(models.Model):
    """A part of the record that the practice holds back for some days before patients see it.

    None by default: what a clinician has, the patient has (45 CFR part 171, information blocking).
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="holds")
    section = models.CharField(max_length=20)
    days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "section"], name="one_hold_a_practice_and_section"
            ),
        ]


class ClosedDay(models.Model):
    """A weekday on which the practice is closed: no business day there."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="closed_days")
    closed_on = models.DateField()
    says = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "closed_on"], name="one_closing_a_practice_and_day"
            ),
        ]
