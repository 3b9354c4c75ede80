"""One thing brought from home: a reading, words, a file, or answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wellpost.server.messaging.models import Thread
from wellpost.server.people.models import Clinician, Patient, Practice, Representative
from wellpost.server.records.models import PatientDatum, Resource

from ..kinds import LABELS
from .files import HomeFile, ImportBatch


class Source(models.TextChoices):
    """Where it comes from, as the facts call it (42 CFR 495.24(d)(6)(i)(B)(3))."""

    PATIENT = "patient", _("told by the patient")
    DEVICE = "device", _("measured by a device")
    NON_CLINICAL_SETTING = "non_clinical_setting", _("from elsewhere, not a clinic")


class State(models.TextChoices):
    """What the practice did with it; withdrawn: who brought it took it back before."""

    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("In the record")
    ASKED_BACK = "asked_back", _("Asked back")
    DECLINED = "declined", _("Not taken over")
    WITHDRAWN = "withdrawn", _("Taken back")


class Danger(models.TextChoices):
    """On which side a reading is past the practice's limits."""

    NONE = "", ""
    LOW = "low", _("dangerously low")
    HIGH = "high", _("dangerously high")


class HomeDatum(models.Model):
    """One reading, note, file or set of answers.

    Its `id` is made of what it says (patient, kind, times, source, value): brought a second time
    it is the same row. `value` (and `second`, the lower number of blood pressure) are in the
    kind's own UCUM unit; what was written, and in which unit, is kept beside it. `of_note`:
    dangerous and recent, shown to the practice first. `counts` is the row that a measure counts
    once a clinician took it into the record, which is `resource`.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    practice = models.ForeignKey(
        Practice, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    patient = models.ForeignKey(
        Patient, db_index=False, on_delete=models.PROTECT, related_name="home_data"
    )
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=20, blank=True)
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    second = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=24, blank=True)
    entered = models.CharField(max_length=40, blank=True)
    entered_second = models.CharField(max_length=40, blank=True)
    entered_unit = models.CharField(max_length=24, blank=True)
    answers = models.JSONField(default=list, blank=True)
    measured_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    representative = models.ForeignKey(
        Representative,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    device = models.CharField(max_length=200, blank=True)
    through = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=30, choices=Source)
    file = models.ForeignKey(
        HomeFile,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="data",
    )
    batch = models.ForeignKey(
        ImportBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="data"
    )
    danger = models.CharField(max_length=10, choices=Danger, default=Danger.NONE, blank=True)
    of_note = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    clinician = models.ForeignKey(
        Clinician, null=True, blank=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    comment = models.TextField(blank=True)
    thread = models.ForeignKey(
        Thread, null=True, blank=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    resource = models.ForeignKey(
        Resource, null=True, blank=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    counts = models.ForeignKey(
        PatientDatum,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        indexes = [
            models.Index(fields=["patient", "kind", "-measured_at"]),
            models.Index(
                fields=["practice", "-of_note", "patient"],
                condition=Q(state="waiting"),
                name="waiting_home_data",
            ),
        ]

    @property
    def label(self) -> str:
        """How people call what it is."""
        return str(LABELS[self.kind])
