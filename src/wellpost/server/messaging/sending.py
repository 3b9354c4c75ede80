"""Sending: a message into a thread, or the first one of a new thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.core.files.base import File

from wellpost.server.audit.actions import Keep, record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import (
    Clinician,
    Membership,
    Patient,
    Practice,
    Representative,
    User,
)

from .access import representatives_of, seat_of, seat_to_start
from .alarms import watched
from .checks import check_reply, check_representative, check_state, membership_of
from .drafts import Draft, attributed, drafted
from .epochs import EpochInForce, begin, for_writing, parties_to
from .happenings import message_written
from .invitations import invite_if_needed
from .keys.ring import KeyRing
from .models import Message, SenderKind, Thread
from .repeats import once
from .seats import Seat, Side, no_such_thread
from .taking_part import bring_in, participants_of
from .telling import tell_others
from .threads import thread_with_parties
from .writing import write


@watched
def send_message(
    *,
    thread: Thread,
    by: User,
    body: str,
    client_key: object,
    in_reply_to: Message | None = None,
    for_clinician: Clinician | None = None,
    to_colleague: Membership | None = None,
    representative: Representative | None = None,
    attachments: Sequence[File[Any]] = (),
    automated: bool = False,
    side: Side | None = None,
) -> Message:
    """Add a message to the thread and tell its other readers that one is waiting.

    Of `thread` only the identifier is looked at. `for_clinician`: whom staff write for, or whom
    the patient addresses. `to_colleague`: the message is for a colleague, and the patient reads
    it as well. `side`: which seat is meant where somebody has two. The same `client_key` gives
    the same message, however often. MessageRefusedError with the sentence for the page;
    NotAllowed for outsiders.
    """
    draft = drafted(
        by=by,
        body=body,
        client_key=client_key,
        attachments=attachments,
        in_reply_to=in_reply_to,
        for_clinician=for_clinician,
        to_colleague=to_colleague,
        representative=representative,
        automated=automated,
    )
    return once(draft, lambda: add(draft, thread, side))


@watched
def start_thread(
    *,
    practice: Practice,
    patient: Patient,
    by: User,
    subject: str,
    body: str,
    client_key: object,
    for_clinician: Clinician | None = None,
    to_colleague: Membership | None = None,
    representative: Representative | None = None,
    participants: Sequence[Membership] = (),
    attachments: Sequence[File[Any]] = (),
    automated: bool = False,
    side: Side | None = None,
) -> Message:
    """Begin a conversation between the patient (and representatives) and the practice.

    As `send_message`; besides, `participants` of the practice take part from the start. A patient
    without an account is written to all the same: the message waits, and an invitation goes
    out when an address is known and none is open.
    """
    draft = drafted(
        by=by,
        body=body,
        client_key=client_key,
        attachments=attachments,
        subject=subject,
        for_clinician=for_clinician,
        to_colleague=to_colleague,
        representative=representative,
        automated=automated,
    )
    return once(draft, lambda: _start(draft, practice, patient, participants, side))


@watched
def send_automatically(*, thread: Thread, body: str, client_key: object) -> Message:
    """The practice's own answer, by nobody in particular: automated, and for no clinician."""
    draft = drafted(by=None, body=body, client_key=client_key, attachments=(), automated=True)
    return once(draft, lambda: add(draft, thread, None))


def add(draft: Draft, thread: Thread, side: Side | None) -> Message:
    """The message in its thread, in the caller's transaction. `draft.by` None: automatically."""
    held = thread_with_parties(thread.pk, locked=True)
    seat = seat_of(draft.by, held, side)
    check_state(held)
    check_reply(draft.in_reply_to, held)
    representatives = representatives_of(held.patient)
    ring = KeyRing(draft.by)
    epoch = for_writing(held, ring, seat.party, representatives)
    return _finish(draft, held, seat, epoch, representatives, ring)


def _start(
    draft: Draft,
    practice: Practice,
    patient: Patient,
    participants: Sequence[Membership],
    side: Side | None,
) -> Message:
    kept = patient.surviving
    if draft.by is None:
        no_such_thread()
    seat = seat_to_start(draft.by, practice, kept, side)
    thread = _new_thread(practice, kept)
    bring_in(thread, participants)
    representatives = representatives_of(kept)
    epoch = begin(thread, parties_to(thread, representatives), draft.subject, "thread_started")
    message = _finish(draft, thread, seat, epoch, representatives, KeyRing(draft.by))
    if seat.side == Side.PRACTICE:
        invite_if_needed(kept, draft.by)
    return message


def _new_thread(practice: Practice, patient: Patient) -> Thread:
    moment = clock.now()
    thread = Thread(practice=practice, patient=patient, started_at=moment, last_message_at=moment)
    thread.subject_nonce = thread.subject_sealed = b""
    thread.save(force_insert=True)
    return thread


def _finish(
    draft: Draft,
    thread: Thread,
    seat: Seat,
    epoch: EpochInForce,
    representatives: list[Representative],
    ring: KeyRing,
) -> Message:
    check_representative(draft.representative, representatives)
    bring_in(thread, _joining(draft, thread, seat))
    participants = participants_of(thread) if seat.side == Side.PATIENT else []
    who = attributed(draft, seat, participants)
    covers = seat.covering.clinician if seat.covering else None
    recorded = partial(_record, seat=seat, epoch=epoch, ring=ring)
    message = write(thread, replace(draft, covers=covers), who, epoch, recorded)
    message_written.send(Message, message=message, seat=seat)
    tell_others(message, seat, representatives, participants)
    return message


def _joining(draft: Draft, thread: Thread, seat: Seat) -> list[Membership]:
    """Who takes part from this message on: its writer, whom it is for, whom it is written for.

    A patient can address the clinician of a new thread; in an old one, those who take part.
    """
    if seat.side == Side.PATIENT and thread.last_sequence:
        return []
    here_already = seat.takes_part or seat.covering
    joining = [] if here_already or seat.membership is None else [seat.membership]
    if draft.for_clinician and draft.for_clinician != seat.clinician:
        joining.append(membership_of(draft.for_clinician, thread.practice))
    return [*joining, draft.to_colleague] if draft.to_colleague else joining


def _record(
    message: Message, keep: Keep, *, seat: Seat, epoch: EpochInForce, ring: KeyRing
) -> None:
    """One row: the sending, and that the thread's key was opened for it."""
    started = message.sequence == 1
    record(
        by=message.sender,
        deed=Deed.THREAD_STARTED if started else Deed.MESSAGE_SENT,
        target=message,
        practice_id=message.thread.practice_id,
        patient_id=message.thread.patient_id,
        on_behalf_of=_acted_for(message, seat),
        details={
            "thread": str(message.thread_id),
            "sequence": message.sequence,
            "epoch": epoch.epoch.number,
            "epoch_begun_for": epoch.begun_for,
            "keys_opened": ring.opened,
        },
        keep=keep,
    )


def _acted_for(message: Message, seat: Seat) -> object:
    """The patient a representative writes for; the clinician staff write for; who is away."""
    if seat.covering:
        return seat.covering.clinician_id
    if seat.representative:
        return message.thread.patient_id
    return message.clinician_id if seat.kind == SenderKind.STAFF else ""
