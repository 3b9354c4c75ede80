"""Rights that begin and end by themselves: in an emergency, and with a child's age."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .accounts import User
from .patients import Patient
from .practices import Practice


class EmergencyAccess(models.Model):
    """Somebody of the practice may read one patient's messages and chart for a while, who
    otherwise may not (45 CFR 170.315(d)(6)).

    The reason is sealed by the key provider: it speaks of the patient.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="emergencies")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="emergencies")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="emergencies")
    reason_sealed = models.BinaryField()
    reason_key_id = models.CharField(max_length=80)
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["user", "patient", "ends_at"], name="emergencies_of_a_user"),
            models.Index(fields=["practice", "-begun_at"], name="emergencies_at_a_practice"),
        ]


class AgedRight(models.TextChoices):
    """A right that a child's age begins or ends."""

    MESSAGES = "messages", _("A parent may read and write the child's messages")
    RECORD = "record", _("A parent may see the child's record")
    ACCOUNT = "account", _("A child may have an account of their own")


class AgeRule(models.Model):
    """At which birthday the right ends (or begins: an account) at a practice that set it."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="age_rules")
    right = models.CharField(max_length=20, choices=AgedRight)
    age = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "right"], name="one_age_a_right"),
        ]
