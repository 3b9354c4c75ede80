"""Taking a message back, and putting another in its place. Both stay visible."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import User

from .access import seat_at
from .alarms import watched
from .checks import check_state
from .drafts import Draft, drafted
from .errors import MessageRefusedError
from .happenings import message_taken_back
from .models import Message
from .repeats import once
from .search.indexing import forget
from .seats import no_such_thread
from .sending import add
from .threads import thread_with_parties


@transaction.atomic
def retract_message(*, message: Message, by: User) -> Message:
    """Its writer takes the message back; it is kept as it was and shown as taken back."""
    thread = thread_with_parties(message.thread_id, locked=True)
    seat = seat_at(by, thread)
    check_state(thread)
    held = Message.objects.get(pk=message.pk)
    _check_retractable(held, by)
    held.retracted_at = clock.now()
    held.save(update_fields=["retracted_at"])
    forget(held)
    record(
        by=by, deed=Deed.MESSAGE_RETRACTED, target=held,
        practice_id=thread.practice_id, patient_id=thread.patient_id,
    )  # fmt: skip
    message_taken_back.send(Message, message=held, seat=seat)
    return held


@watched
def replace_message(*, message: Message, by: User, body: str, client_key: object) -> Message:
    """Take the message back and send another in its place, addressed as the first one was."""
    draft = drafted(
        by=by, body=body, client_key=client_key, attachments=(), **_addressed_as(message),
        replaces=message,
    )  # fmt: skip
    return once(draft, lambda: _replaced(draft, message, by))


def _replaced(draft: Draft, message: Message, by: User) -> Message:
    retract_message(message=message, by=by)
    return add(draft, message.thread, None)


def _addressed_as(message: Message) -> dict[str, Any]:
    return {
        "in_reply_to": message.in_reply_to,
        "for_clinician": message.clinician,
        "to_colleague": message.addressed_to if _to_colleague(message) else None,
        "representative": message.representative if _to_representative(message) else None,
    }


def _to_colleague(message: Message) -> bool:
    return message.sent_to == "clinician" and message.sender_kind in {"clinician", "staff"}


def _to_representative(message: Message) -> bool:
    return message.sent_to == "representative"


def _check_retractable(message: Message, by: User) -> None:
    if message.sender_id != by.pk:
        no_such_thread()
    if message.retracted_at is not None:
        raise MessageRefusedError("This message was taken back already.")
