"""How messages are found: words as keyed digests, and searches over many charts."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wellpost.server.people.models import Clinician, Patient, Practice

from .conversations import Message, PartyKey


class IndexedMessage(models.Model):
    """The words of a message as digests (HMAC-SHA256, cut to `DIGEST` bytes each, sorted, one
    after another) under a key derived from the patient's. Equal words of two patients differ.
    """

    message = models.OneToOneField(
        Message, primary_key=True, on_delete=models.CASCADE, related_name="indexed"
    )
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    party_key = models.ForeignKey(PartyKey, on_delete=models.PROTECT, related_name="+")
    tokens = models.BinaryField()


class SearchState(models.TextChoices):
    """How far a search over many charts is."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")


class ChartSearch(models.Model):
    """A search over many charts: who looked, when, for what (sealed by the key provider), and
    which threads are opened for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words_sealed = models.BinaryField()
    words_key_id = models.CharField(max_length=80)
    clinician = models.ForeignKey(
        Clinician, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    chosen = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=SearchState, default=SearchState.WAITING)
    asked_at = models.DateTimeField()
    alive_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["by", "-asked_at"], name="searches_of_a_user")]


class Finding(models.Model):
    """A message that a search over many charts found."""

    search = models.ForeignKey(ChartSearch, on_delete=models.CASCADE, related_name="findings")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["search", "message"], name="one_finding_a_message"),
        ]
