"""What was written about a conversation goes with it, when its keys are destroyed for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.dispatch import receiver

from wellpost.server.messaging.happenings import content_destroyed
from wellpost.server.messaging.models import Thread

from .models import Draft, Mailing, MailingRecipient, Note


@receiver(content_destroyed)
def delete_notes_and_drafts(threads: Sequence[Thread], **_: Any) -> None:
    """Notes for staff and drafts; that they were written stays in the record of deeds."""
    Note.objects.filter(thread__in=threads).delete()
    Draft.objects.filter(thread__in=threads).delete()


@receiver(content_destroyed)
def delete_texts_of_lists(threads: Sequence[Thread], **_: Any) -> None:
    """The text of a list, with the last of the conversations that it began."""
    begun = MailingRecipient.objects.filter(message__thread__in=threads).values("mailing")
    others = MailingRecipient.objects.filter(mailing=OuterRef("pk"), message__isnull=False)
    left = others.filter(message__thread__destruction=None).exclude(message__thread__in=threads)
    ended = Mailing.objects.filter(pk__in=begun, finished_at__isnull=False).exclude(Exists(left))
    ended.update(sealed=b"")
