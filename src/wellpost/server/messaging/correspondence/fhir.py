"""An opened conversation as FHIR knows it: who wrote to whom, by the references of the API."""

from __future__ import annotations

from collections.abc import Iterator

from wellpost.adapters.fhir.correspondence import AttachedFile, Conversation, Who, Written
from wellpost.server.people.fhir_ids import organization_id, practitioner_id, staff_id

from .. import alarms
from ..content import FileNote
from ..errors import TamperedError
from ..files import opened as opened_file
from ..models import Addressee, Attachment, Message, SenderKind, Thread, ThreadState
from ..places import located
from ..reader import Reader
from ..showing import sender_name
from .gathering import OpenedMessage, OpenedThread


def conversation(opened: OpenedThread) -> Conversation:
    """The conversation; files are opened as they are written."""
    thread = opened.thread
    return Conversation(
        id=str(thread.pk),
        subject=opened.subject,
        about=_patient(thread),
        parties=[_patient(thread), _practice(thread)],
        open=thread.state == ThreadState.OPEN,
        started_at=thread.started_at,
        messages=[_written(each, opened) for each in opened.messages],
    )


def _written(each: OpenedMessage, opened: OpenedThread) -> Written:
    message = each.message
    return Written(
        id=str(message.pk),
        text=each.content.text,
        sent_at=message.sent_at,
        sender=_sender(message, opened.thread),
        recipients=[_recipient(message, opened.thread)],
        in_response_to=str(message.in_reply_to_id or ""),
        taken_back=message.retracted_at is not None,
        files=[_file(note, message, opened) for note in each.content.files],
    )


def _patient(thread: Thread) -> Who:
    patient = thread.patient.surviving
    return Who(f"Patient/{patient.pk}", str(patient))


def _practice(thread: Thread) -> Who:
    return Who(f"Organization/{organization_id(thread.practice)}", thread.practice.name)


def _sender(message: Message, thread: Thread) -> Who:
    """The practice itself where no person of it is known here."""
    name = sender_name(message, thread)
    if message.sender_kind == SenderKind.PATIENT:
        return _patient(thread)
    if message.sender_kind == SenderKind.REPRESENTATIVE and message.representative_id:
        return Who(f"RelatedPerson/{message.representative_id}", name)
    if message.sender_kind == SenderKind.CLINICIAN and message.clinician:
        return Who(f"Practitioner/{practitioner_id(thread.practice, message.clinician)}", name)
    if message.sender_kind == SenderKind.STAFF and message.sender:
        return Who(f"Practitioner/{staff_id(thread.practice, message.sender)}", name)
    return _practice(thread)


def _recipient(message: Message, thread: Thread) -> Who:
    if message.sent_to == Addressee.PATIENT:
        return _patient(thread)
    if message.sent_to == Addressee.REPRESENTATIVE and message.representative:
        who = message.representative
        return Who(f"RelatedPerson/{who.pk}", who.name)
    addressed = message.addressed_to
    if addressed and addressed.clinician:
        known = practitioner_id(thread.practice, addressed.clinician)
        return Who(f"Practitioner/{known}", addressed.name)
    return _practice(thread)


def _file(note: FileNote, message: Message, opened: OpenedThread) -> AttachedFile:
    pieces = _pieces(note, message, opened.thread, opened.reader)
    return AttachedFile(str(note.id), note.name, note.type, note.size, pieces)


def _pieces(note: FileNote, message: Message, thread: Thread, reader: Reader) -> Iterator[bytes]:
    """The bytes; where a piece was changed the file ends there, with the alarm on record."""
    try:
        keys = reader.keys(thread, message.epoch.number)
        yield from opened_file(Attachment(pk=note.id), keys)
    except TamperedError:
        alarms.sound(located("attachment", thread, note.id), reader.by)
