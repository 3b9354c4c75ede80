"""Messages written elsewhere, sealed into conversations here. Nobody is told of them again."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.messaging.access import representatives_of
from wellpost.server.messaging.content import CONTENT_TYPE, Content
from wellpost.server.messaging.epochs import EpochInForce, begin, parties_to
from wellpost.server.messaging.models import Message, Thread, ThreadState
from wellpost.server.messaging.places import seal_message
from wellpost.server.people.models import Patient, User

from .batch import MessageRow, PatientKey
from .writing import Writing

IMPORTED = "messages_imported"
"""Why an epoch begins: to add to a thread without opening what is in it."""


def write_messages(writing: Writing, by: User | None) -> None:
    """Messages by the practice and the source's identifier; one that is here is never changed."""
    if not writing.batch.messages:
        return
    here = _here(writing)
    threads: defaultdict[tuple[str, str, str], list[MessageRow]] = defaultdict(list)
    for row in sorted(writing.batch.messages, key=lambda row: (row.sent_at, row.source_id)):
        threads[row.tin, row.thread_id, row.patient_id].append(row)
    for rows in threads.values():
        new = [row for row in rows if (_source(writing, row), row.source_id) not in here]
        writing.report.of("messages").unchanged += len(rows) - len(new)
        if new:
            _write_thread(writing, rows, new, here, by)


def _source(writing: Writing, row: MessageRow) -> str:
    """The source's name with the practice: two exports may both have a message 1."""
    return f"{writing.batch.source_system}:{row.tin}"


def _here(writing: Writing) -> dict[tuple[str, str], Message]:
    """Messages imported before, by source and identifier."""
    sources = {_source(writing, row) for row in writing.batch.messages}
    held = Message.objects.filter(source_system__in=sources).select_related("thread__practice")
    return {(each.source_system, each.source_id): each for each in held}


def _write_thread(
    writing: Writing,
    rows: Sequence[MessageRow],
    new: Sequence[MessageRow],
    here: dict[tuple[str, str], Message],
    by: User | None,
) -> None:
    patient = writing.patients[PatientKey(rows[0].tin, rows[0].patient_id)].surviving
    known = (here.get((_source(writing, row), row.source_id)) for row in rows)
    thread = next((each.thread for each in known if each), None) or _thread(patient, new)
    parties = parties_to(thread, representatives_of(thread.patient))
    epoch = begin(thread, parties, new[0].subject, IMPORTED)
    for row in new:
        message = _message(writing, row, thread, epoch, here)
        message.save(force_insert=True)
        here[message.source_system, message.source_id] = message
    thread.last_message_at = max(thread.last_message_at, new[-1].sent_at)
    thread.save()
    writing.report.of("messages").new += len(new)
    _record(thread, len(new), by)


def _thread(patient: Patient, rows: Sequence[MessageRow]) -> Thread:
    """A conversation that is over; the patient may still write, which opens it again."""
    return Thread.objects.create(
        practice=patient.practice,
        patient=patient,
        state=ThreadState.RESOLVED,
        started_at=rows[0].sent_at,
        last_message_at=rows[0].sent_at,
        subject_nonce=b"",
        subject_sealed=b"",
    )


def _message(
    writing: Writing,
    row: MessageRow,
    thread: Thread,
    epoch: EpochInForce,
    here: dict[tuple[str, str], Message],
) -> Message:
    """The message at the thread's end, sealed; its writer has no account here, so none is named."""
    thread.last_sequence += 1
    source = _source(writing, row)
    answered = here.get((source, row.in_reply_to))
    message = Message(
        id=uuid.uuid4(),
        thread=thread,
        epoch=epoch.epoch,
        sequence=thread.last_sequence,
        sender=None,
        sender_kind=row.sent_by,
        clinician=writing.clinicians[row.npi] if row.npi else None,
        sent_to=row.sent_to,
        sent_at=row.sent_at,
        sent_on=row.sent_on,
        in_reply_to=answered if answered and answered.thread_id == thread.pk else None,
        content_type=CONTENT_TYPE,
        client_key=uuid.uuid4().hex,
        source_system=source,
        source_id=row.source_id,
    )
    seal_message(message, Content(row.text), epoch.keys)
    return message


def _record(thread: Thread, many: int, by: User | None) -> None:
    record(
        by=by,
        deed=Deed.MESSAGE_IMPORTED,
        target=thread,
        category="message",
        details={"messages": many},
    )
