"""What is unread: messages without a receipt of the reader. It is derived, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, UUIDField

from wellpost.server.people.models import Representative, User
from wellpost.server.prepared import PreparedOfMany, PreparedRows, Slot, slots

from .models import Addressee, Epoch, Message, Receipt, SenderKind
from .seats import Seat, Side

FROM_PATIENT_SIDE = (SenderKind.PATIENT.value, SenderKind.REPRESENTATIVE.value)
FROM_PRACTICE = (SenderKind.CLINICIAN.value, SenderKind.STAFF.value)
WRITTEN_HERE = Q(source_id="")


def concerns(seat: Seat) -> Q:
    """Which messages wait for somebody in this seat: at the practice those of the patient's side
    that nobody of the practice answered since, and those addressed to them; on the patient's
    side all, but for a representative none of an epoch that had ended before their first day.
    What was imported waits for nobody: it was delivered where it was written.
    """
    if seat.representative:
        return WRITTEN_HERE & ~Q(Exists(_begun_before(seat.representative)))
    if seat.side == Side.PATIENT:
        return WRITTEN_HERE
    return _concerns_practice(seat.membership)


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


def _concerns_practice(membership: object) -> Q:
    waits = Q(sender_kind__in=FROM_PATIENT_SIDE) & ~Q(Exists(_answers()))
    return WRITTEN_HERE & (waits | Q(addressed_to=membership))


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
    return _not_read(by, concerns(seat))


def unread_counts(by: User, seat: Seat, threads: Sequence[UUID]) -> dict[UUID, int]:
    """How many those are in each of the threads; threads without any are left out."""
    if seat.representative:
        return _numbers(_by_thread(unread(by, seat).filter(thread__in=threads)))
    if seat.membership:
        return _numbers(_AT_PRACTICE({"threads": threads}, by=by.pk, membership=seat.membership.pk))
    return _numbers(_AT_PATIENT({"threads": threads}, by=by.pk))


def _numbers(rows: Iterable[Sequence[Any]]) -> dict[UUID, int]:
    return {row[0]: row[1] for row in rows}


def _not_read(by: Any, concerned: Q) -> QuerySet[Message]:
    read = Receipt.objects.filter(message=OuterRef("pk"), user=by)
    others = Message.objects.exclude(sender=by)
    return others.filter(concerned).filter(~Exists(read))


def _by_thread(found: QuerySet[Message]) -> QuerySet[Message, Any]:
    return found.order_by().values_list("thread").annotate(count=Count("pk"))


def _counted(concerned: Q, threads: int) -> QuerySet[Message, Any]:
    found = _not_read(Slot("by", UUIDField()), concerned)
    return _by_thread(found.filter(thread__id__in=slots("threads", UUIDField(), threads)))


_AT_PATIENT = PreparedOfMany(PreparedRows, lambda threads: _counted(WRITTEN_HERE, threads))
_AT_PRACTICE = PreparedOfMany(
    PreparedRows,
    lambda threads: _counted(_concerns_practice(Slot("membership", UUIDField())), threads),
)
