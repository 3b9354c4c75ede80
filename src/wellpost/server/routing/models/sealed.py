"""Text that only one party's key opens."""

from __future__ import annotations

import uuid

from django.db import models

from wellpost.server.messaging.associated_data import Value
from wellpost.server.messaging.models import PartyKey


class SealedText(models.Model):
    """Sealed by HPKE for a party's key in force: the practice's, for what is the practice's work;
    the patient's or representative's, for what these have begun to write.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party_key = models.ForeignKey(PartyKey, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    class Meta:
        abstract = True

    def place(self) -> tuple[Value, ...]:
        """What stands beside the text and must never change."""
        raise NotImplementedError
