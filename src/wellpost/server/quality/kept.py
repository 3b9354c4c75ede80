"""What a practice attested, answered for itself, and changed by hand."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from wellpost.server.people.models import Practice
from wellpost.terms import Period


class OfAPeriod(models.Model):
    """What is said of one reporter's period: a clinician's, or the practice's (npi empty)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    npi = models.CharField(max_length=10, blank=True)
    program = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        abstract = True

    @property
    def period(self) -> Period:
        """The days reported."""
        return Period(self.starts_on, self.ends_on)


class Attestation(OfAPeriod):
    """A snapshot: the signed packet holds facts, rules, measures, results and lists.

    What is beside it is for finding it. A row is written once: the database refuses to change or
    delete it. Attestations are kept six years and longer; the application deletes none.
    """

    attested_at = models.DateTimeField()
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    attested_name = models.CharField(max_length=200)
    results = models.JSONField()
    packet = models.BinaryField()
    packet_sha256 = models.CharField(max_length=64)
    signed_with = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["practice", "-attested_at"])]


class Override(OfAPeriod):
    """A number in the place of the one counted: named, reasoned, shown on every report."""

    measure = models.CharField(max_length=40)
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    reason = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )


class Answers(OfAPeriod):
    """What Wellpost does not count, as somebody answered for it. A change is a new row.

    The highest `number` of a reporter's period holds. `claims` and `attested` are written as on
    the command line: `secure-messaging=no_office_visits`, `PI_EP_1=10/12`.
    """

    number = models.PositiveIntegerField()
    state = models.CharField(max_length=2, blank=True)
    claims = models.JSONField(default=list)
    attested = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "npi", "program", "year", "starts_on", "ends_on", "number"],
                name="answers_follow_one_another",
            ),
        ]
