"""What a practice decided about its reports."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from wellpost.server.people.models import Practice

from .kept import Answers, Attestation, Override
from .outside import Appointment, County, VirtualGroup, VirtualGroupTin

__all__ = [
    "Answers",
    "Appointment",
    "Attestation",
    "County",
    "Override",
    "ReportingPeriod",
    "VirtualGroup",
    "VirtualGroupTin",
]


class ReportingPeriod(models.Model):
    """The period a practice reports to a program for a year; its pages start with it."""

    practice = models.ForeignKey(
        Practice, on_delete=models.PROTECT, related_name="reporting_periods"
    )
    program = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "program", "year"], name="one_period_a_program_year"
            ),
        ]
