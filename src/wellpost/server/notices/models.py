"""Notices that wait to be sent, were sent, or could not be."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """That something waits, for one person, by one way. Never what: no name, text or subject.

    `acted_at` is when the person came and looked; until then no second one is made for a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="notices"
    )
    address = models.EmailField()
    kind = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    acted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["user", "kind"],
                name="notices_not_acted_on",
                condition=models.Q(acted_at__isnull=True),
            ),
            models.Index(
                fields=["created_at"],
                name="notices_waiting",
                condition=models.Q(sent_at__isnull=True),
            ),
        ]
