"""What apps of patients ask all day, by prepared statements: the messages of one conversation, and
the list of conversations. Every other search is put together as it comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypeVar
from uuid import UUID

from django.db.models import F, Q, QuerySet, UUIDField
from django.db.models.functions import Coalesce, Greatest

from wellpost.server.messaging.models import Message, Thread
from wellpost.server.messaging.seats import Side
from wellpost.server.messaging.sight import Sight
from wellpost.server.messaging.threads import with_names, with_people
from wellpost.server.prepared import Prepared, Slot

from ..record.statements import Order
from .asking import Asked, Criterion, links

M = TypeVar("M", Message, Thread)


def threads_told(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """With what is told of them joined, and by what they are sorted: `sent` and `changed`."""
    last = F("last_message_at")
    joined = with_names(threads).select_related("task__reason")
    changed = Greatest(last, Coalesce("task__changed_at", last))
    return joined.annotate(sent=F("started_at"), changed=changed)


def messages_told(messages: QuerySet[Message]) -> QuerySet[Message]:
    """The same of messages."""
    changed = Coalesce("retracted_at", "sent_at")
    return with_people(messages).annotate(changed=changed, sent=F("sent_at"))


def asked_often(
    sight: Sight, asked: Asked, criteria: Sequence[Criterion]
) -> Sequence[Thread | Message] | None:
    """The first page and one row more, in no order; None where something else is asked.

    `criteria`: what is asked besides the patient of the sight.
    """
    own = sight.seat.side == Side.PATIENT and not sight.seat.representative
    if not (own and sight.patient and len(criteria) == 1) or asked.after:
        return None
    kept, (one,) = sight.patient.pk, criteria
    thread = _one_thread(one)
    if thread:
        return _messages(asked.order, asked.most)(thread=thread, kept=kept)
    if (one.name, one.modifier, one.values) == ("part-of", "missing", ("true",)):
        return _threads(asked.order, asked.most)(kept=kept)
    return None


def _one_thread(criterion: Criterion) -> UUID | None:
    if (criterion.name, criterion.modifier) != ("part-of", ""):
        return None
    named = [identifier for _, identifier in links(criterion.values, "Communication")]
    return named[0] if len(named) == 1 else None


@cache
def _messages(order: Order, most: int) -> Prepared[Message]:
    return Prepared(lambda: _first(messages_told(_messages_of_thread()), order, most))


@cache
def _threads(order: Order, most: int) -> Prepared[Thread]:
    of_patient = _on_side("patient")
    return Prepared(lambda: _first(threads_told(Thread.objects.filter(of_patient)), order, most))


def _messages_of_thread() -> QuerySet[Message]:
    of_thread = Message.objects.filter(thread=Slot("thread", UUIDField()))
    return of_thread.filter(_on_side("thread__patient"))


def _on_side(column: str) -> Q:
    kept = Slot("kept", UUIDField())
    return Q(**{column: kept}) | Q(**{f"{column}__merged_into": kept})


def _first(rows: QuerySet[M], order: Order, most: int) -> QuerySet[M]:
    return rows.order_by(f"-{order.by}" if order.falling else order.by, "pk")[: most + 1]
