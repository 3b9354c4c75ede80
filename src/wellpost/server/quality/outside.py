"""What no visit tells: visits planned, broadband by county, with whom one reports together."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from wellpost.server.people.models import Clinician, Patient, Practice, check_tin
from wellpost.server.records.models import EncounterKind


class Appointment(models.Model):
    """A visit that is planned. No measure counts it; lists of whom to reach show the next one."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    clinician = models.ForeignKey(Clinician, null=True, on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField()
    kind = models.CharField(max_length=20, choices=EncounterKind.choices)
    cancelled_at = models.DateTimeField(null=True)
    source_system = models.CharField(max_length=20)
    source_id = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "source_system", "source_id"], name="one_appointment_a_source"
            ),
        ]
        indexes = [models.Index(fields=["practice", "planned_on"])]


class County(models.Model):
    """The share of housing units with broadband in a county, as a practice brought it in.

    Each practice has its own: what one brings in never moves another's exclusion.
    """

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=5)
    as_of = models.DateField()
    percent_4mbps = models.FloatField()
    percent_3mbps = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "county", "as_of"], name="one_share_a_county_and_day"
            ),
        ]


class VirtualGroup(models.Model):
    """Practices that report to MIPS as one, for one performance year."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "year"], name="one_virtual_group_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class VirtualGroupTin(models.Model):
    """A TIN named for a virtual group. It is in it from the moment its own practice agrees.

    `year` is the group's, so that the database can hold a TIN to one virtual group a year.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(VirtualGroup, on_delete=models.PROTECT, related_name="tins")
    year = models.PositiveSmallIntegerField()
    tin = models.CharField(max_length=9, validators=[check_tin])
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    left_at = models.DateTimeField(null=True)
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "tin"],
                condition=Q(left_at__isnull=True),
                name="a_tin_is_named_once_for_a_virtual_group",
            ),
            models.UniqueConstraint(
                fields=["tin", "year"],
                condition=Q(agreed_at__isnull=False, left_at__isnull=True),
                name="a_tin_is_in_one_virtual_group_a_year",
            ),
        ]
