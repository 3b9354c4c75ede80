"""Telling who wrote to a patient that it was not read: once, in a notice without content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.messaging.access import accounts_of, representatives_of
from wellpost.server.messaging.coverage import away_today
from wellpost.server.messaging.models import Message, Receipt, SenderKind, Thread
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.messaging.unread import FROM_PATIENT_SIDE
from wellpost.server.notices.actions import tell
from wellpost.server.notices.texts import Kind
from wellpost.server.people.models import Practice
from wellpost.server.people.queries import members_of

from .escalation import whom
from .hours import answering_of
from .models import Reading, Task, Waiting
from .one_by_one import one_by_one
from .tasks import held_task

A_ROUND = 500
NOT_FOR_PRACTICE = (Waiting.PATIENT.value, Waiting.NOBODY.value)
"""What was resolved once it was written is to be read as well."""
WRITTEN_BY_A_PERSON = (SenderKind.CLINICIAN.value, SenderKind.STAFF.value)


def still_not_read(tasks: Iterable[Task | None]) -> set[UUID]:
    """The threads of these whose writer was told so, and that nobody who acts for the patient
    opened since. One statement; none where nobody was told.
    """
    told = {each.thread_id for each in tasks if each and _was_told(each)}
    since = F("message__thread__task__waiting_since")
    opened = read_on_patients_side().filter(message__thread__in=told, message__sent_at__gte=since)
    return told - set(opened.values_list("message__thread", flat=True)) if told else told


def read_on_patients_side() -> QuerySet[Receipt]:
    """The receipts of who acts, or acted, for the patient whose the conversation is."""
    patient = "message__thread__patient"
    readers = Q(pk__in=[])
    for way in ("user__patients", "user__representations__patient"):
        readers |= Q(**{way: F(patient)}) | Q(**{way: F(f"{patient}__merged_into")})
    return Receipt.objects.filter(readers)


def _was_told(task: Task) -> bool:
    return task.waiting in NOT_FOR_PRACTICE and task.reading == Reading.NOT_READ


def tell_of_unread() -> int:
    """Look at what the practice wrote so many days ago; how many writers were told."""
    return sum(_at(each) for each in Practice.objects.all())


def _at(practice: Practice) -> int:
    days = max(answering_of(practice).unread_after_days, 1)
    written = Task.objects.filter(
        practice=practice,
        waiting__in=NOT_FOR_PRACTICE,
        reading=Reading.UNKNOWN,
        waiting_since__lt=clock.now() - timedelta(days=days),
    )
    found = list(written.order_by(F("waiting_since")).values_list("thread", flat=True)[:A_ROUND])
    return one_by_one(_looked_at, found)


@transaction.atomic
def _looked_at(thread_id: UUID) -> bool:
    thread = thread_with_parties(thread_id, locked=True)
    task = held_task(thread)
    if task.waiting not in NOT_FOR_PRACTICE or task.reading != Reading.UNKNOWN:
        return False
    last = _last_written(thread)
    read = last is None or _was_answered(last) or _was_read(last, thread)
    task.reading = Reading.READ if read else Reading.NOT_READ
    task.save(update_fields=["reading"])
    if last is None or read:
        return False
    tell(users=_whom(last, task, thread), kind=Kind.NOT_READ, thread=thread.pk)
    details = {"message": str(last.pk)}
    record(by=None, deed=Deed.NOT_READ_TOLD, target=thread, details=details)
    return True


def _whom(message: Message, task: Task, thread: Thread) -> set[UUID]:
    """Its writer; where they are away or gone, who looks after it now."""
    members = members_of(thread.practice)
    own = [each for each in members if each.account and each.account.pk == message.sender_id]
    away = {each.membership_id for each in away_today(thread.practice, own)}
    here = {each.account.pk for each in own if each.account and each.pk not in away}
    return here or whom(1, task, thread)


def _last_written(thread: Thread) -> Message | None:
    written = thread.messages.filter(sender_kind__in=WRITTEN_BY_A_PERSON, retracted_at=None)
    return written.defer("sealed", "nonce").order_by("-sequence").first()


def _was_answered(message: Message) -> bool:
    """Whether the patient's side wrote after it."""
    later = Message.objects.filter(thread=message.thread_id, sequence__gt=message.sequence)
    return later.filter(sender_kind__in=FROM_PATIENT_SIDE).exists()


def _was_read(message: Message, thread: Thread) -> bool:
    """By the patient, or by anybody who acts for the patient today."""
    accounts = accounts_of(thread.patient)
    accounts |= {each.user_id for each in representatives_of(thread.patient) if each.user_id}
    return Receipt.objects.filter(message=message, user__in=accounts).exists()
