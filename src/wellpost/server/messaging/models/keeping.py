"""How long conversations are kept, what keeps them longer, and what was destroyed."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models

from wellpost.server.people.models import Patient, Practice


class RetentionPolicy(models.Model):
    """How long a practice keeps what was written: so many years after the last contact, and of
    minors at least until an age. Never changed: a new one takes its place, the latest is in force.

    `source` says which law or rule the practice follows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="retentions")
    years = models.PositiveSmallIntegerField()
    minors_until = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["practice", "-set_at"], name="retention_in_force")]


class LegalHold(models.Model):
    """Nothing of this patient (none: of the whole practice) is destroyed between two days.

    The reason is sealed by the key provider: it may speak of the patient.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="legal_holds")
    patient = models.ForeignKey(
        Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="legal_holds"
    )
    reason_sealed = models.BinaryField()
    reason_key_id = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    def holds_on(self, day: date) -> bool:
        """Whether it blocks destruction on that local day."""
        ended = self.ends_on is not None and self.ends_on < day
        return self.lifted_at is None and self.starts_on <= day and not ended


class Destruction(models.Model):
    """That the keys of one patient's conversations were destroyed: under which policy, by whom."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="destructions")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="destructions")
    policy = models.ForeignKey(RetentionPolicy, on_delete=models.PROTECT, related_name="+")
    last_contact_on = models.DateField()
    due_on = models.DateField()
    destroyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    destroyed_at = models.DateTimeField()
    threads = models.PositiveIntegerField(default=0)
    messages = models.PositiveIntegerField(default=0)
    keys = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
