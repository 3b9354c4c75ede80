"""What was written about a conversation goes with it, when its keys are destroyed for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from wellpost.server.messaging.happenings import content_destroyed
from wellpost.server.messaging.models import Thread

from .models import Draft, Note


@receiver(content_destroyed)
def delete_notes_and_drafts(threads: Sequence[Thread], **_: Any) -> None:
    """Notes for staff and drafts; that they were written stays in the record of deeds."""
    Note.objects.filter(thread__in=threads).delete()
    Draft.objects.filter(thread__in=threads).delete()
