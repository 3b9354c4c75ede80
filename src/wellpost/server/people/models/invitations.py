"""The ways in to an account, once and for a time."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .accounts import User
from .patients import Patient, Representative


class Proof(models.TextChoices):
    """How the practice knows that somebody is who they say."""

    IN_PERSON = "in_person", _("In person, with a photo ID")
    KNOWN_HERE = "known_here", _("In person, well known to me")
    BY_TELEPHONE = "by_telephone", _("By telephone, at a number we had before")


class Invitation(models.Model):
    """A way in, once and for a time, to one patient's record or for one representative.

    Only the code's hash is kept. An account is never opened on somebody's record otherwise.
    `proof`: how who made it (`created_by`) knew the one invited; empty: by code and birth alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="invitations")
    representative = models.ForeignKey(
        Representative,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    code_hash = models.CharField(max_length=64, unique=True)
    sent_by = models.CharField(max_length=10, choices=[("email", "Email"), ("letter", "Letter")])
    proof = models.CharField(max_length=20, choices=Proof, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    failed_attempts = models.PositiveSmallIntegerField(default=0)


class MemberInvitation(models.Model):
    """A way for one of the practice to set the password of their account, once and for a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="member_invitations")
    code_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
