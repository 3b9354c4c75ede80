"""For whose word a conversation waits, by the messages that stand in it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from wellpost.server.messaging.models import Addressee, Message, SenderKind, Thread

from .models import Waiting

BY_PATIENT = Q(sender_kind__in=[SenderKind.PATIENT, SenderKind.REPRESENTATIVE])


def as_it_stands(thread: Thread) -> dict[str, Any]:
    """What its task says then. It waits for the practice since the first message of the patient's
    side that nothing answers, or else for the patient since the last answer.
    """
    standing = _standing(thread)
    answer = standing.exclude(BY_PATIENT).order_by("-sequence").first()
    asked = standing.filter(BY_PATIENT, sequence__gt=answer.sequence if answer else 0)
    waits = asked.order_by("sequence").first()
    if waits:
        return _waiting(Waiting.PRACTICE, waits)
    return _waiting(Waiting.PATIENT if answer else Waiting.NOBODY, answer)


def _waiting(whom: Waiting, since: Message | None) -> dict[str, Any]:
    return {"waiting": whom, "step": 0, "waiting_since": since.sent_at if since else None}


def _standing(thread: Thread) -> QuerySet[Message]:
    """Not taken back. What is automatic, or to a colleague, answers no patient."""
    held = Message.objects.filter(thread=thread, retracted_at=None)
    to_colleague = ~BY_PATIENT & Q(sent_to=Addressee.CLINICIAN)
    return held.exclude(to_colleague | Q(sender_kind=SenderKind.AUTOMATED)).only(
        "sequence", "sent_at"
    )
