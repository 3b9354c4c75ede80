"""What happened in care, as rows that the measures can count."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wellpost.server.people.models import Clinician, Patient, Practice


class EncounterKind(models.TextChoices):
    """The kinds that the measures know."""

    OFFICE_VISIT = "office_visit", _("Office visit")
    TELEHEALTH = "telehealth", _("Telehealth visit")
    OTHER = "other", _("Other")


class Encounter(models.Model):
    """A patient seen by a clinician of a practice on a local day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="encounters")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="encounters")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="encounters")
    seen_on = models.DateField(db_index=True)
    kind = models.CharField(max_length=20, choices=EncounterKind)
    county = models.CharField(max_length=5, blank=True)
    certified_location = models.BooleanField(null=True)
    source_system = models.CharField(max_length=200, blank=True)
    source_id = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "source_system", "source_id"],
                condition=~models.Q(source_id=""),
                name="one_encounter_an_identifier",
            ),
        ]
        indexes = [models.Index(fields=["practice", "seen_on"])]


class PortalAction(models.Model):
    """A use of the patient's information: view, download, transmit or api.

    `what` says which part of it, `to_whom` whom it was sent to, `through` the app that read it.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="portal_actions")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    acted_at = models.DateTimeField()
    acted_on = models.DateField()
    action = models.CharField(max_length=10)
    acted_by = models.CharField(max_length=20)
    what = models.CharField(max_length=200, blank=True)
    to_whom = models.CharField(max_length=320, blank=True)
    through = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "acted_at"])]


class PatientDatum(models.Model):
    """Data from the patient or a non-clinical setting; counts once it is incorporated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="data")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    clinician = models.ForeignKey(Clinician, null=True, on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField()
    incorporated_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=30)
    source_system = models.CharField(max_length=200, blank=True)
    source_id = models.CharField(max_length=200, blank=True)


class AccessGrant(models.Model):
    """When an encounter's information could be reached by the patient."""

    encounter = models.OneToOneField(
        Encounter, on_delete=models.CASCADE, related_name="access_grant"
    )
    available_on = models.DateField()
    vdt_on = models.DateField(null=True, blank=True)
    api_on = models.DateField(null=True, blank=True)
