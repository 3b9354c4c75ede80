"""Patients, what others call them by, and who acts for them."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models

from .accounts import User
from .practices import Practice


class Patient(models.Model):
    """One patient's record at one practice. Records of one person can be merged.

    `account_opened_on` is the local day from which the patient could sign in; what the
    practice wrote before waits for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="patients")
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    birth_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=10, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    county = models.CharField(max_length=5, blank=True)
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="patients"
    )
    account_opened_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_records"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["family_name", "given_name", "id"]
        indexes = [models.Index(fields=["practice", "family_name", "given_name"])]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def surviving(self) -> Patient:
        """The record that counts: itself, or the one it was merged into (never a chain)."""
        return self.merged_into or self


class PatientIdentifier(models.Model):
    """A name other systems know the patient by (FHIR Identifier: system and value)."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="identifiers")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=200)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "system", "value"], name="one_patient_an_identifier"
            ),
        ]


class Representative(models.Model):
    """Somebody who may act for a patient, between two days, in what was granted.

    `user` is empty until the invitation is taken up; `account_opened_on` as for a patient.
    `by_age`: a parent or guardian of a child, whose days follow from the child's age (see
    `people.ages`); `continues` the period before, in which they had other rights.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="representatives")
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="representations"
    )
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    relationship = models.CharField(max_length=60)
    may_message = models.BooleanField(default=True)
    may_see_record = models.BooleanField(default=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    account_opened_on = models.DateField(null=True, blank=True)
    by_age = models.BooleanField(default=False)
    continues = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="continued_by"
    )

    def __str__(self) -> str:
        return self.name

    def active_on(self, day: date) -> bool:
        """Whether the representation holds on that local day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
