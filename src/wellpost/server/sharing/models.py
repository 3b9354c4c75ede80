"""What was sent on: to whom, how, by when it must be fetched; and what waits, sealed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wellpost.server.people.models import Patient, Practice


class Way(models.TextChoices):
    """How the record travels."""

    LINK = "link", _("By a link that opens once, with a code")
    EMAIL = "email", _("As a file in an ordinary email")


class Transmission(models.Model):
    """One sending of a patient's record to an email address.

    `sent_at` is when the mail server took the email over; none: it is on its way, or whether it
    left is not known. Of a link only the hash of its token is kept. `wrong_codes` counts tries.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="transmissions")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=Way)
    to_whom = models.EmailField()
    what = models.CharField(max_length=200)
    client_key = models.UUIDField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "client_key"], name="one_sending_a_key"),
            models.UniqueConstraint(
                fields=["token_hash"],
                condition=~models.Q(token_hash=""),
                name="one_link_a_token",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-made_at"])]


class Sealed(models.Model):
    """The file that a link opens, encrypted; gone once it was fetched or can be no more."""

    transmission = models.OneToOneField(
        Transmission, primary_key=True, on_delete=models.CASCADE, related_name="sealed"
    )
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    wrapped_key = models.BinaryField()
    content = models.BinaryField()
