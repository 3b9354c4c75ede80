"""Rows as the places that their ciphertext is bound to, and as what opens there."""

from __future__ import annotations

from .associated_data import MessagePlace, ThreadPlace
from .content import Content
from .envelope import EpochKeys, Sealed
from .errors import TamperedError
from .models import Epoch, Message, Thread


def thread_place(thread: Thread, epoch: Epoch) -> ThreadPlace:
    """Where the epoch's content stands."""
    return ThreadPlace(
        suite=epoch.suite,
        practice=thread.practice_id,
        patient=thread.patient_id,
        thread=thread.id,
        epoch=epoch.number,
    )


def message_place(message: Message) -> MessagePlace:
    """Every column of the message that must never change."""
    return MessagePlace(
        message=message.id,
        sequence=message.sequence,
        sender=message.sender_id,
        sender_kind=str(message.sender_kind),
        representative=message.representative_id,
        clinician=message.clinician_id,
        sent_to=str(message.sent_to),
        addressed_to=message.addressed_to_id,
        sent_at=message.sent_at,
        sent_on=message.sent_on,
        in_reply_to=message.in_reply_to_id,
        replaces=message.replaces_id,
        content_type=message.content_type,
        source_system=message.source_system,
        source_id=message.source_id,
    )


def seal_message(message: Message, content: Content, keys: EpochKeys) -> None:
    """Put the sealed content into the message; everything else of it must be set already."""
    message.nonce, message.sealed = keys.seal_body(content.to_bytes(), message_place(message))


def open_message(message: Message, thread: Thread, keys: EpochKeys) -> Content:
    """The message's content; TamperedError saying which message."""
    try:
        sealed = Sealed(bytes(message.nonce), bytes(message.sealed))
        return Content.from_bytes(keys.open_body(sealed, message_place(message)))
    except TamperedError:
        raise located("message", thread, message.pk) from None


def open_subject(thread: Thread, keys: EpochKeys) -> str:
    """The thread's subject; TamperedError saying which thread."""
    try:
        return keys.open_subject(Sealed(bytes(thread.subject_nonce), bytes(thread.subject_sealed)))
    except TamperedError:
        raise located("subject", thread, thread.pk) from None


def located(what: str, thread: Thread, target_id: object) -> TamperedError:
    """The alarm with its place."""
    return TamperedError(
        what,
        target_id=target_id,
        practice_id=thread.practice_id,
        patient_id=thread.patient_id,
    )
