"""The list of conversations: a page of it in a handful of statements, and one audit row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import F, Q, QuerySet, UUIDField

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import emergency_of
from wellpost.server.prepared import Prepared, PreparedOfMany, Slot, slots

from .access import seat_for, seat_in, threads_on_side_of
from .granting import grant
from .keys.parties import Party, party_of
from .models import Message, Thread
from .practice_seats import carried_by
from .reach import waiting_patients
from .reader import Reader
from .seats import Seat, Side
from .showing import ThreadRow, alarm_text, sender_name
from .threads import with_parties
from .unread import unread, unread_counts

PAGE_SIZE = 25


def inbox(
    by: User,
    practice: Practice | None = None,
    patient: Patient | None = None,
    state: str | None = None,
    page: int = 1,
    unread_only: bool = False,
    about: Patient | None = None,
) -> list[ThreadRow]:
    """The conversations of one record, or those `by` carries at a practice, the latest first.

    `state`: one of ThreadState, or all. `unread_only`: those in which something waits for `by`.
    `about`: of the practice's, those of this patient; in an emergency all of them.
    `page` has PAGE_SIZE rows and begins at 1. NotAllowed for outsiders.
    """
    if patient and page == 1 and not (about or state or unread_only):
        threads = _LATEST(kept=patient.merged_into_id or patient.pk)
        return list_threads(by, seat_for(by, patient), threads, patient=patient)
    seat, found = _seat_and_threads(by, practice, patient, about)
    if about:
        found = found.filter(threads_on_side_of(about))
    if state:
        found = found.filter(state=state)
    if unread_only:
        found = found.filter(pk__in=unread(by, seat).order_by().values("thread"))
    first = (max(page, 1) - 1) * PAGE_SIZE
    threads = list(_latest(found)[first : first + PAGE_SIZE])
    return list_threads(by, seat, threads, practice=practice, patient=patient or about)


def _latest(found: QuerySet[Thread]) -> QuerySet[Thread]:
    return with_parties(found).order_by("-last_message_at", "-pk")


def _latest_of_patient() -> QuerySet[Thread]:
    kept = Slot("kept", UUIDField())
    of_patient = Thread.objects.filter(Q(patient=kept) | Q(patient__merged_into=kept))
    return _latest(of_patient)[:PAGE_SIZE]


_LATEST = Prepared(_latest_of_patient)
"""What almost everybody asks for: the first page of one's own inbox."""


def list_threads(
    by: User,
    seat: Seat,
    threads: Sequence[Thread],
    *,
    practice: Practice | None = None,
    patient: Patient | None = None,
) -> list[ThreadRow]:
    """The rows of a list of these threads (with their parties joined), which the caller found
    among those that the seat carries; that they were shown is on record.
    """
    reader = _reader(by, seat, threads)
    rows = _rows(by, seat, threads, reader) if threads else []
    _record(by, practice, patient, threads, reader, seat)
    return rows


def unread_count(by: User, practice: Practice | None = None, patient: Patient | None = None) -> int:
    """How many messages wait for `by` in that inbox. No key is opened for it."""
    seat, found = _seat_and_threads(by, practice, patient)
    return unread(by, seat).filter(thread__in=found.order_by().values("pk")).count()


def _seat_and_threads(
    by: User, practice: Practice | None, patient: Patient | None, about: Patient | None = None
) -> tuple[Seat, QuerySet[Thread]]:
    if patient is not None:
        return seat_for(by, patient), Thread.objects.filter(threads_on_side_of(patient))
    if practice is None:
        raise ValueError("inbox needs a practice or a patient")
    seat = seat_in(by, practice)
    found = practice.threads.all()
    if seat.keeps_pool:
        return seat, found
    if about and (emergency := emergency_of(by, about.pk)):
        return replace(seat, emergency=emergency), found
    return seat, found.filter(carried_by(seat, practice))


def _reader(by: User, seat: Seat, threads: Sequence[Thread]) -> Reader:
    reader = Reader(by, _parties(seat, threads), [each.pk for each in threads])
    lacking = [each for each in threads if not reader.holds(each, each.subject_epoch)]
    if seat.representative and lacking:
        grant(seat.representative, by)
        reader = Reader(by, _parties(seat, threads), [each.pk for each in threads])
    return reader


def _parties(seat: Seat, threads: Sequence[Thread]) -> list[Party]:
    """The patient's threads may stand on several records of theirs, each with its own key."""
    if seat.side == Side.PATIENT and not seat.representative:
        return [party_of(each.patient) for each in threads] or [seat.party]
    return [seat.party]


def _rows(by: User, seat: Seat, threads: Sequence[Thread], reader: Reader) -> list[ThreadRow]:
    last, counts = _last_messages(threads), _unread_counts(by, seat, threads)
    waiting = waiting_patients([each.patient.surviving for each in threads])
    return [
        _row(each, reader.subject(each), last.get(each.pk), counts.get(each.pk, 0), waiting)
        for each in threads
    ]


def _row(
    thread: Thread, subject: str | None, last: Message | None, count: int, waiting: set[UUID]
) -> ThreadRow:
    patient = thread.patient.surviving
    return ThreadRow(
        thread_id=thread.pk,
        subject=alarm_text() if subject is None else subject,
        state=thread.state,
        patient_id=patient.pk,
        patient_name=str(patient),
        practice_name=thread.practice.name,
        last_message_at=thread.last_message_at,
        last_sender_name=sender_name(last, thread) if last else "",
        last_sender_kind=last.sender_kind if last else "",
        message_count=thread.last_sequence,
        unread_count=count,
        waiting_for_first_sign_in=patient.pk in waiting,
        tampered=subject is None or last is None,
    )


def _last_messages(threads: Sequence[Thread]) -> dict[UUID, Message]:
    return {each.thread_id: each for each in _LAST({"threads": [one.pk for one in threads]})}


def _last(threads: int) -> QuerySet[Message]:
    of_them = Message.objects.filter(thread__id__in=slots("threads", UUIDField(), threads))
    joined = of_them.select_related("sender", "representative", "clinician")
    return joined.filter(sequence=F("thread__last_sequence")).defer("sealed", "nonce")


_LAST = PreparedOfMany(Prepared, _last)


def _unread_counts(by: User, seat: Seat, threads: Sequence[Thread]) -> dict[UUID, int]:
    return {} if seat.emergency else unread_counts(by, seat, [each.pk for each in threads])


def _record(
    by: User,
    practice: Practice | None,
    patient: Patient | None,
    threads: Sequence[Thread],
    reader: Reader,
    seat: Seat,
) -> None:
    """One row names all that were shown."""
    record(
        by=by,
        deed=Deed.THREADS_LISTED,
        practice_id=practice.pk if practice else patient and patient.practice_id,
        patient_id=patient.pk if patient else None,
        target_kind="thread",
        category="emergency" if seat.emergency else "",
        details={
            "threads": [str(each.pk) for each in threads],
            "keys_opened": reader.opened,
        },
    )
