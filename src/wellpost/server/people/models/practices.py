"""Practices, their clinicians and staff."""

from __future__ import annotations

import uuid
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wellpost.facts.identifiers import npi_is_valid, tin_is_valid

from .accounts import User


def check_npi(value: str) -> None:
    """Refuse an NPI whose check digit is wrong (45 CFR 162.406)."""
    if not npi_is_valid(value):
        raise ValidationError(
            _("%(value)s is not an NPI: ten digits whose last one checks the rest."),
            params={"value": value},
        )


def check_tin(value: str) -> None:
    """Refuse what is not nine digits."""
    if not tin_is_valid(value):
        raise ValidationError(_("%(value)s is not a TIN: nine digits."), params={"value": value})


class Practice(models.Model):
    """A practice, known to the programs by its TIN."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tin = models.CharField(max_length=9, unique=True, validators=[check_tin])
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=60, default="America/New_York")
    phone = models.CharField(max_length=40, blank=True)
    answer_within_days = models.PositiveSmallIntegerField(default=2)
    emergency_text = models.CharField(max_length=300, blank=True)
    privacy_officer = models.ForeignKey(
        "Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class Clinician(models.Model):
    """A clinician, known by the NPI, with or without an account here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    npi = models.CharField(max_length=10, unique=True, validators=[check_npi])
    name = models.CharField(max_length=200)
    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="clinician"
    )

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What somebody is at a practice; people.permissions says what each may do."""

    CLINICIAN = "clinician", _("Clinician")
    STAFF = "staff", _("Staff")
    REPORTER = "reporter", _("Reports for the practice")
    ADMINISTRATOR = "administrator", _("Administrator")


class Membership(models.Model):
    """Somebody at a practice between two days: a clinician, or a user with another role."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="memberships")
    clinician = models.ForeignKey(
        Clinician, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_is_of_a_clinician_or_a_user",
                condition=Q(role="clinician", clinician__isnull=False, user__isnull=True)
                | (~Q(role="clinician") & Q(clinician__isnull=True, user__isnull=False)),
            ),
        ]

    @property
    def account(self) -> User | None:
        """The user who signs in for this membership, if there is one yet."""
        return self.clinician.user if self.clinician else self.user

    @property
    def name(self) -> str:
        """The name others read."""
        return str(self.clinician or self.user)

    def active_on(self, day: date) -> bool:
        """Whether the membership holds on that local day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
