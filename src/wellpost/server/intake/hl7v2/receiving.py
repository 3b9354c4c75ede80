"""One message, from its bytes to its acknowledgments: kept in one transaction or refused."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from uuid import uuid4

from django.db import Error, IntegrityError, OperationalError, transaction

from wellpost.adapters.hl7v2 import (
    Admission,
    Header,
    Merge,
    Message,
    MessageRefusedError,
    answers,
    own_fault,
    read,
    read_header,
    unreadable,
)
from wellpost.adapters.hl7v2.refusal import Where
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Practice
from wellpost.server.records.models import Encounter

from . import patients, visits
from .feed import Feed
from .models import Answer, ReceivedMessage
from .practices import named, practice_of

LOG = logging.getLogger(__name__)
TRIES = 3


def receive(block: bytes, feed: Feed, fault: MessageRefusedError | None = None) -> list[bytes]:
    """Take the message over and give its acknowledgments, to be sent once this returns.

    What they acknowledge is committed. `fault`: what was wrong with it on its way. Nothing is
    raised: what cannot be kept is answered so, and the sender keeps it.
    """
    number, header, message = uuid4().hex[:16], unreadable(block), None
    try:
        if fault is not None:
            raise fault
        header = read_header(block)
        message = read(block, test_messages=feed.test_messages)
        _keep(message, feed)
        refused = None
    except MessageRefusedError as why:
        refused = why
    except Exception as why:  # whatever it is, the sender must not be left without an answer
        # Its text could hold what the message says of a patient; its kind tells enough.
        LOG.error("an HL7 message was not kept: %s", type(why).__name__)
        refused = own_fault()
    if refused is not None:
        _note(header, message, feed, refused)
    return answers(header, number, clock.now().astimezone(UTC), refused)


def _keep(message: Message, feed: Feed) -> None:
    """In one transaction; tried again when another one came between."""
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                _take_over(message, practice_of(message.places, feed))
            return
        except (IntegrityError, OperationalError):
            if not left:
                raise


def _take_over(message: Message, practice: Practice) -> None:
    before = _came_before(message)
    if before is not None and before.answer == Answer.ACCEPTED:
        _again(before, message)
        return
    moment = message.moment
    said_at = moment.instant(practice.time_zone) if moment else clock.now()
    for deed in message.deeds:
        if isinstance(deed, Merge):
            patient: Patient | None = patients.merged(practice, deed, said_at)
            visit = None
        else:
            patient, visit = _admit(practice, deed, said_at)
        _record(message, practice, patient, visit)
    _write(message.header, practice, Answer.ACCEPTED, digest=message.digest)


def _admit(
    practice: Practice, deed: Admission, said_at: datetime
) -> tuple[Patient | None, Encounter | None]:
    """Nobody is made by a message that records no visit."""
    visit, effect = deed.visit, deed.effect
    if visit is None:
        return patients.changed(practice, deed.person, said_at), None
    write = patients.changed if effect == "is_cancelled" else patients.taken_over
    patient = write(practice, deed.person, said_at)
    return patient, visits.taken_over(practice, patient, visit, effect, said_at)


def _came_before(message: Message) -> ReceivedMessage | None:
    header = message.header
    held = ReceivedMessage.objects.filter(sender=header.sender, control_id=header.control_id)
    return held.first()


def _again(before: ReceivedMessage, message: Message) -> None:
    """It was kept already; MessageRefusedError when its number now stands on something else."""
    if before.digest != message.digest:
        says = (
            f"number {message.header.control_id[:40]} came before with other content; give every "
            "message a number of its own."
        )
        raise MessageRefusedError(205, Where("MSH", 10), says)
    before.times += 1
    before.save(update_fields=["times"])


def _record(
    message: Message, practice: Practice, patient: Patient | None, visit: Encounter | None
) -> None:
    record(
        by=None,
        deed=Deed.REGISTRATION_RECEIVED,
        practice_id=practice.pk,
        patient_id=patient.pk if patient else None,
        target=visit or patient or practice,
        category="hl7v2",
        details={"event": message.header.event},
    )


def _note(
    header: Header, message: Message | None, feed: Feed, refused: MessageRefusedError
) -> None:
    """Let the practice see that a message was refused, and why."""
    answer = Answer.REJECTED if refused.rejected else Answer.ERROR
    try:
        with transaction.atomic():
            practice = named(message.places if message else (), feed)
            before = ReceivedMessage.objects.filter(
                sender=header.sender, control_id=header.control_id, answer=Answer.ACCEPTED
            )
            if not before.exists():
                _write(header, practice, answer, where=str(refused.where), says=refused.says[:500])
    except Error as why:
        LOG.error("that an HL7 message was refused could not be noted: %s", type(why).__name__)


def _write(header: Header, practice: Practice | None, answer: Answer, **values: str) -> None:
    said = {"digest": "", "where": "", "says": "", **values}
    row, made = ReceivedMessage.objects.get_or_create(
        sender=header.sender,
        control_id=header.control_id,
        defaults={
            "practice": practice, "event": header.event[:20], "answer": answer,
            "received_at": clock.now(), **said,
        },
    )  # fmt: skip
    if made:
        return
    row.practice, row.event, row.answer = practice, header.event[:20], answer
    row.digest, row.where, row.says = said["digest"], said["where"], said["says"]
    row.times, row.received_at = row.times + 1, clock.now()
    row.save()
