"""The automatic answer to what is written outside the practice's hours: once a thread a day."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.messaging.actions import send_automatically
from wellpost.server.messaging.errors import MessageRefusedError, TamperedError
from wellpost.server.messaging.models import Message, Thread, ThreadState
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.messaging.unread import FROM_PATIENT_SIDE
from wellpost.server.people.models import Practice

from .hours import answering_of, calendar_of
from .models import Task, Waiting
from .one_by_one import one_by_one
from .tasks import held_task

A_ROUND = 100
"""Threads looked at in one round; the rest wait for the next, seconds later."""


def answer_automatically() -> int:
    """Look at what came since the last round; how many were answered."""
    waiting = Task.objects.filter(to_look_at=True).values_list("thread", flat=True)[:A_ROUND]
    return one_by_one(_looked_at, list(waiting))


def usual_text(practice: Practice) -> str:
    """What is answered where the practice wrote nothing of its own."""
    said = _(
        "Thank you for your message. We are closed now and will read it when we are open again. "
        "In an emergency call 911."
    )
    if practice.phone:
        said += " " + _("When it cannot wait, call %(phone)s.") % {"phone": practice.phone}
    return said


@transaction.atomic
def _looked_at(thread_id: UUID) -> bool:
    thread = thread_with_parties(thread_id, locked=True)
    task = held_task(thread)
    if not task.to_look_at:  # another process was first
        return False
    task.to_look_at = False
    day = clock.today(thread.practice.time_zone)
    answered = task.automatic_on != day and _is_due(thread, task) and _answer(thread, str(day))
    if answered:
        task.automatic_on = day
    task.save(update_fields=["to_look_at", "automatic_on"])
    return answered


def _is_due(thread: Thread, task: Task) -> bool:
    if task.waiting != Waiting.PRACTICE or thread.state == ThreadState.LOCKED:
        return False
    if not answering_of(thread.practice).automatic:
        return False
    last = Message.objects.filter(thread=thread, sender_kind__in=FROM_PATIENT_SIDE)
    written = last.order_by("-sequence").values_list("sent_at", flat=True).first()
    return written is not None and not calendar_of(thread.practice).is_open(written)


def _answer(thread: Thread, day: str) -> bool:
    """Whether it went out. It does not where the thread was changed from outside: the alarm is on
    record then, once, and not again every few seconds. What is only away is asked again.
    """
    practice = thread.practice
    text = answering_of(practice).automatic_text or usual_text(practice)
    try:
        send_automatically(thread=thread, body=text, client_key=f"{thread.pk}:{day}")
    except (MessageRefusedError, TamperedError):
        return False
    record(by=None, deed=Deed.ANSWERED_AUTOMATICALLY, target=thread, details={"day": day})
    return True
