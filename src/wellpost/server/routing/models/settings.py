"""What a practice decides: reasons, pools, hours, its automatic answer, ready wordings."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wellpost.server.people.models import Membership, Practice


class Pool(models.Model):
    """Some of the practice who share a kind of work."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="pools")
    name = models.CharField(max_length=80)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "name"], condition=Q(is_open=True), name="one_pool_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PoolMember(models.Model):
    """Somebody of a pool, between two days."""

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="members")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="pools")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)


class ReasonKind(models.TextChoices):
    """The reasons every practice begins with; `own` are those it adds."""

    REFILL = "refill", _("A refill of a medicine")
    RESULTS = "results", _("Test results")
    SCHEDULING = "scheduling", _("Appointments")
    REFERRAL = "referral", _("A referral to another clinician")
    BILLING = "billing", _("A bill or insurance")
    OTHER = "other", _("Something else")
    OWN = "own", _("Added by the practice")


class Reason(models.Model):
    """For what a patient writes, who looks after it, and within how many business days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="reasons")
    kind = models.CharField(max_length=20, choices=ReasonKind, default=ReasonKind.OWN)
    name = models.CharField(max_length=80)
    pool = models.ForeignKey(
        Pool, null=True, blank=True, on_delete=models.PROTECT, related_name="reasons"
    )
    answer_within_days = models.PositiveSmallIntegerField(default=2)
    position = models.PositiveSmallIntegerField(default=0)
    is_offered = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name", "id"]

    def __str__(self) -> str:
        return self.name


class Hours(models.Model):
    """When the practice is open on one weekday (Monday is 0); none of a day: closed."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "weekday"], name="one_opening_a_weekday"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=models.F("closes_at")), name="opens_before_it_closes"
            ),
        ]


class Answering(models.Model):
    """How the practice answers outside its hours, and when it is reminded."""

    practice = models.OneToOneField(
        Practice, primary_key=True, on_delete=models.CASCADE, related_name="answering"
    )
    automatic = models.BooleanField(default=False)
    automatic_text = models.TextField(blank=True)
    escalate_after_days = models.PositiveSmallIntegerField(default=2)
    unread_after_days = models.PositiveSmallIntegerField(default=7)


class Wording(models.Model):
    """A text that is ready to be filled in: one's own, or (owner empty) the practice's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="wordings")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=150, blank=True)
    body = models.TextField()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
