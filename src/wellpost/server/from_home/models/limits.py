"""The limits beyond which a reading is dangerous, as a practice sets them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from wellpost.server.people.models import Patient, Practice


class HomeLimit(models.Model):
    """At or beyond which values a reading is dangerous; for one patient, or all of a practice.

    `part` is the number meant (systolic, glucose, …), in the kind's own unit. An empty bound is
    none: a row with two empty ones says that nothing is watched for.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="home_limits")
    patient = models.ForeignKey(
        Patient, null=True, blank=True, on_delete=models.CASCADE, related_name="home_limits"
    )
    part = models.CharField(max_length=20)
    low = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "part"],
                condition=Q(patient__isnull=True),
                name="one_home_limit_a_practice",
            ),
            models.UniqueConstraint(
                fields=["patient", "part"],
                condition=Q(patient__isnull=False),
                name="one_home_limit_a_patient",
            ),
        ]
