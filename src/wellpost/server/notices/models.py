"""Notices that wait to be sent, were sent, or could not be."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """That something waits, for one person, by one way. Never what: no name, text or subject."""

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
