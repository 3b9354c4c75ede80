"""What is unread: messages without a receipt of the reader. It is derived, never stored."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from wellpost.server.people.models import User

from .access import Seat, Side
from .models import Addressee, Message, Receipt, SenderKind

FROM_PATIENT_SIDE = (SenderKind.PATIENT.value, SenderKind.REPRESENTATIVE.value)
FROM_PRACTICE = (SenderKind.CLINICIAN.value, SenderKind.STAFF.value)


def concerns(seat: Seat) -> Q:
    """Which messages wait for somebody in this seat: at the practice those of the patient's side
    that nobody of the practice answered since, and those addressed to them; on the patient's
    side all. What was imported waits for nobody: it was delivered where it was written.
    """
    written_here = Q(source_id="")
    if seat.side == Side.PATIENT:
        return written_here
    waits = Q(sender_kind__in=FROM_PATIENT_SIDE) & ~Q(Exists(_answers()))
    return written_here & (waits | Q(addressed_to=seat.membership))


def waits_for(seat: Seat, message: Message) -> bool:
    """The same of one message."""
    if message.source_id:
        return False
    membership = seat.membership.pk if seat.membership else None
    return (
        seat.side == Side.PATIENT
        or message.sender_kind in FROM_PATIENT_SIDE
        or (membership is not None and message.addressed_to_id == membership)
    )


def _answers() -> QuerySet[Message]:
    """What a person of the practice wrote to the patient's side after the message."""
    later = Message.objects.filter(thread=OuterRef("thread"), sequence__gt=OuterRef("sequence"))
    return later.filter(sender_kind__in=FROM_PRACTICE).exclude(sent_to=Addressee.CLINICIAN)


def unread(by: User, seat: Seat) -> QuerySet[Message]:
    """Every message that waits for `by` in this seat, in whatever thread."""
    read = Receipt.objects.filter(message=OuterRef("pk"), user=by)
    others = Message.objects.exclude(sender=by)
    return others.filter(concerns(seat)).filter(~Exists(read))
