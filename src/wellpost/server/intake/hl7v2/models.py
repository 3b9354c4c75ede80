"""What came by HL7 v2, so that nothing counts twice or goes back in time. It names no patient."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wellpost.server.people.models import Practice


class Answer(models.TextChoices):
    """What was answered: HL7 table 0008."""

    ACCEPTED = "AA", _("Taken over")
    ERROR = "AE", _("Refused: something in it is wrong")
    REJECTED = "AR", _("Refused as a whole")


class ReceivedMessage(models.Model):
    """A message, by its sender (MSH-3, MSH-4) and number (MSH-10), as it was answered last.

    `digest`: SHA-256 of what it says; `where` and `says`: why it was refused; `times`: how often
    it came. Messages without a number that can be read share one row of their sender.
    """

    practice = models.ForeignKey(Practice, null=True, on_delete=models.PROTECT, related_name="+")
    sender = models.CharField(max_length=200, blank=True)
    control_id = models.CharField(max_length=199, blank=True)
    event = models.CharField(max_length=20, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    answer = models.CharField(max_length=2, choices=Answer)
    where = models.CharField(max_length=40, blank=True)
    says = models.CharField(max_length=500, blank=True)
    times = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "control_id"], name="one_message_a_number"),
        ]
        indexes = [
            models.Index(fields=["practice", "answer", "-received_at"], name="messages_by_answer"),
        ]


class About(models.TextChoices):
    """What a word is about."""

    PATIENT = "patient"
    VISIT = "visit"


class LatestWord(models.Model):
    """When the latest word on a patient or a visit was recorded at its source.

    What is older changes nothing, in whatever order messages come. `key`: the patient's id here,
    or the visit's number there; `cancelled`: the latest word on the visit is that there was none.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=10, choices=About)
    key = models.CharField(max_length=200)
    said_at = models.DateTimeField()
    cancelled = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "about", "key"], name="one_latest_word"),
        ]
