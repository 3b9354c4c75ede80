"""Who may see and write which thread. Everything in this room asks here.

On the patient's side: the patient's account, and a representative whose authority for messages
holds today. On the practice's side: staff, who keep the pool and see every thread of their
practice, and clinicians, who see the threads they take part in, those of a colleague who is away
and for whom they answer today, and those of another role (`ROLES`: the pools). Administrators and
reporters see no content. In an emergency a clinician reads the threads of one patient for a while,
and nothing more: see `seat_to_read`. Everybody else gets NotAllowed, the same for a thread that
exists and one that does not.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import (
    Q,
    QuerySet,
    UUIDField,
)

from wellpost.server.clock import time as clock
from wellpost.server.people.models import (
    Patient,
    Practice,
    Representative,
    User,
)
from wellpost.server.people.permissions import (
    ALLOWED,
    Permission,
    emergency_of,
    scope_of,
)
from wellpost.server.prepared import Prepared, Slot

from .keys.parties import party_of
from .models import SenderKind, Thread
from .practice_seats import practice_seat
from .seats import Seat, Side, no_such_thread


def seat_at(by: User, thread: Thread, side: Side | None = None) -> Seat:
    """The seat of `by` at the thread; `side` when it matters to somebody who has two.

    `thread` should come from `threads.thread_with_parties`, which joins what is asked here.
    """
    return _seat(by, thread.practice, thread.patient, thread, side)


def seat_of(by: User | None, thread: Thread, side: Side | None = None) -> Seat:
    """As `seat_at`; for None the practice's own, from which it answers automatically."""
    if by is None:
        return Seat(Side.PRACTICE, SenderKind.AUTOMATED, party_of(thread.practice))
    return seat_at(by, thread, side)


def seat_to_read(by: User, thread: Thread, side: Side | None = None) -> Seat:
    """As `seat_at`, and in an emergency a seat at the practice's side: from it one may read, and
    is no party: nothing is written, and nobody is told that anything was read.
    """
    seat = _any_seat(by, thread.practice, thread.patient, thread, side)
    if seat is None and side != Side.PATIENT and by.is_active:
        seat = _emergency_seat(by, thread)
    return seat or no_such_thread()


def seat_for(by: User, patient: Patient) -> Seat:
    """The seat of `by` on the side of this patient."""
    return _own_seat(by, patient) or _represented_seat(by, patient) or no_such_thread()


def seat_in(by: User, practice: Practice) -> Seat:
    """The seat of `by` among those who carry the practice's conversations."""
    return practice_seat(by, practice, None) or no_such_thread()


def seat_to_start(by: User, practice: Practice, patient: Patient, side: Side | None) -> Seat:
    """The seat from which `by` may begin a conversation about the practice's patient."""
    if patient.practice_id != practice.pk:
        no_such_thread()
    return _seat(by, practice, patient, None, side)


def threads_on_side_of(patient: Patient) -> Q:
    """The threads of every record of this patient."""
    kept = patient.merged_into_id or patient.pk
    return Q(patient=kept) | Q(patient__merged_into=kept)


def representatives_of(patient: Patient) -> list[Representative]:
    """Whose authority for messages holds today, for any record of this patient; the one that goes
    back furthest first, since who has two acts by that.
    """
    kept = patient.merged_into_id or patient.pk
    held = _REPRESENTATIVES(kept=kept)
    for each in held:
        if each.patient_id == patient.pk:
            each.patient = patient  # joined already, with the practice
    return [each for each in held if each.active_on(clock.today(patient.practice.time_zone))]


def _representatives() -> QuerySet[Representative]:
    kept = Slot("kept", UUIDField())
    of_patient = Q(patient=kept) | Q(patient__merged_into=kept)
    return Representative.objects.filter(of_patient, may_message=True).order_by("starts_on", "pk")


_REPRESENTATIVES = Prepared(_representatives)


def accounts_of(patient: Patient) -> set[UUID]:
    """The accounts on the record and on the one it was merged into."""
    return {each for each in (patient.user_id, patient.surviving.user_id) if each}


def _seat(
    by: User, practice: Practice, patient: Patient, thread: Thread | None, side: Side | None
) -> Seat:
    return _any_seat(by, practice, patient, thread, side) or no_such_thread()


def _any_seat(
    by: User, practice: Practice, patient: Patient, thread: Thread | None, side: Side | None
) -> Seat | None:
    """What costs no statement is asked first."""
    seat = None
    if side != Side.PRACTICE:
        seat = _own_seat(by, patient)
    if seat is None and side != Side.PATIENT:
        seat = practice_seat(by, practice, thread)
    if seat is None and side != Side.PRACTICE:
        seat = _represented_seat(by, patient)
    return seat


def _emergency_seat(by: User, thread: Thread) -> Seat | None:
    held = emergency_of(by, thread.patient_id)
    if held is None or held.practice_id != thread.practice_id:
        return None
    party = party_of(thread.practice)
    return Seat(Side.PRACTICE, SenderKind.CLINICIAN, party, emergency=held)


def _own_seat(by: User, patient: Patient) -> Seat | None:
    if by.is_active and by.pk in accounts_of(patient):
        return Seat(Side.PATIENT, SenderKind.PATIENT, party_of(patient))
    return None


def _represented_seat(by: User, patient: Patient) -> Seat | None:
    for each in representatives_of(patient):
        if by.is_active and each.user_id == by.pk and _may_message(each):
            kind = SenderKind.REPRESENTATIVE
            return Seat(Side.PATIENT, kind, party_of(each), representative=each)
    return None


def _may_message(representative: Representative) -> bool:
    return any(Permission.READ_MESSAGES in ALLOWED[each] for each in scope_of(representative))
