"""What is unread: messages without a receipt of the reader. It is derived, never stored."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from wellpost.server.people.models import Representative, User

from .access import Seat, Side
from .models import Addressee, Epoch, Message, Receipt, SenderKind

FROM_PATIENT_SIDE = (SenderKind.PATIENT.value, SenderKind.REPRESENTATIVE.value)
FROM_PRACTICE = (SenderKind.CLINICIAN.value, SenderKind.STAFF.value)


def concerns(seat: Seat) -> Q:
    """Which messages wait for somebody in this seat: at the practice those of the patient's side
    that nobody of the practice answered since, and those addressed to them; on the patient's
    side all, but for a representative none of an epoch that had ended before their first day.
    What was imported waits for nobody: it was delivered where it was written.
    """
    written_here = Q(source_id="")
    if seat.representative:
        return written_here & ~Q(Exists(_begun_before(seat.representative)))
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


def _begun_before(representative: Representative) -> QuerySet[Epoch]:
    """The epochs that took the place of the message's before the authority began."""
    zone = ZoneInfo(representative.patient.practice.time_zone)
    first = datetime.combine(representative.starts_on, time.min, zone)
    following = Epoch.objects.filter(thread=OuterRef("thread"), opened_at__lt=first)
    return following.filter(number__gt=OuterRef("epoch__number"))


def _answers() -> QuerySet[Message]:
    """What a person of the practice wrote to the patient's side after the message."""
    later = Message.objects.filter(thread=OuterRef("thread"), sequence__gt=OuterRef("sequence"))
    return later.filter(sender_kind__in=FROM_PRACTICE).exclude(sent_to=Addressee.CLINICIAN)


def unread(by: User, seat: Seat) -> QuerySet[Message]:
    """Every message that waits for `by` in this seat, in whatever thread."""
    read = Receipt.objects.filter(message=OuterRef("pk"), user=by)
    others = Message.objects.exclude(sender=by)
    return others.filter(concerns(seat)).filter(~Exists(read))
