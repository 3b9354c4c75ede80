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

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NoReturn
from uuid import UUID

from django.db.models import (
    BooleanField,
    DateField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
)

from wellpost.server.clock import time as clock
from wellpost.server.people.models import (
    Clinician,
    EmergencyAccess,
    Membership,
    Patient,
    Practice,
    Representative,
    Role,
    User,
)
from wellpost.server.people.permissions import (
    ALLOWED,
    NotAllowed,
    Permission,
    Standing,
    emergency_of,
    scope_of,
)
from wellpost.server.prepared import Prepared, Slot

from .keys.parties import Party, party_of
from .models import Coverage, Participant, SenderKind, Thread

READING_ROLES = [
    role.value for role in Role if Permission.READ_MESSAGES in ALLOWED[Standing(role.value)]
]


RoleElsewhere = Callable[[Any, Any, Any], QuerySet[Any]]
ROLES: list[RoleElsewhere] = []
"""Further roles at a thread, by other rooms: each gives, for a membership, a thread and a day
(values, or references to an outer query), the rows that let the one in to the other on the day;
for no thread (None), those that let the one in to any."""


class Side(StrEnum):
    """Which end of the conversation."""

    PATIENT = "patient"
    PRACTICE = "practice"


@dataclass(frozen=True)
class Seat:
    """Where somebody sits today: on which side, in what role, with whose key.

    `covering`: the clinician away in whose place they sit here. `wider`: they carry threads they
    take no part in themselves.
    """

    side: Side
    kind: SenderKind
    party: Party
    representative: Representative | None = None
    membership: Membership | None = None
    keeps_pool: bool = False
    takes_part: bool = False
    emergency: EmergencyAccess | None = None
    covering: Membership | None = None
    wider: bool = False

    @property
    def clinician(self) -> Clinician | None:
        """The clinician who sits here, if one."""
        return self.membership.clinician if self.membership else None


def no_such_thread() -> NoReturn:
    """The one answer to an outsider."""
    raise NotAllowed("There is no such conversation here.")


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


def carried_by(seat: Seat, practice: Practice) -> Q:
    """The threads of the practice that the clinician of the seat carries."""
    if seat.membership is None:
        no_such_thread()
    of = Q(membership__clinician=seat.clinician)
    if seat.wider:
        covered = Coverage.objects.filter(coverage_on(_today(practice)), covered_by=seat.membership)
        of |= Q(membership__in=list(covered.values_list("membership", flat=True)))
    found = Q(Exists(Participant.objects.filter(of, thread=OuterRef("pk"))))
    for each in ROLES if seat.wider else ():
        found |= Q(Exists(each(seat.membership.pk, OuterRef("pk"), _today(practice))))
    return found


def coverage_on(day: object) -> Q:
    """The condition that a coverage holds on the day."""
    return Q(withdrawn_at=None, starts_on__lte=day, ends_on__gte=day)


def seat_for(by: User, patient: Patient) -> Seat:
    """The seat of `by` on the side of this patient."""
    return _own_seat(by, patient) or _represented_seat(by, patient) or no_such_thread()


def seat_in(by: User, practice: Practice) -> Seat:
    """The seat of `by` among those who carry the practice's conversations."""
    return _practice_seat(by, practice, None) or no_such_thread()


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
    return [each for each in held if each.active_on(_today(patient.practice))]


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
        seat = _practice_seat(by, practice, thread)
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


def _practice_seat(by: User, practice: Practice, thread: Thread | None) -> Seat | None:
    held = _memberships(by, practice, thread) if by.is_active else []
    clinical = [each for each in held if each.role == Role.CLINICIAN]
    pool = [each for each in held if each.role == Role.STAFF]
    reading = pool + [each for each in clinical if thread is None or _lets_in(each)]
    if not reading:
        return None
    membership = (clinical or reading)[0]
    kind = SenderKind.CLINICIAN if membership.clinician else SenderKind.STAFF
    return Seat(
        side=Side.PRACTICE,
        kind=kind,
        party=party_of(practice),
        membership=membership,
        keeps_pool=bool(pool),
        takes_part=_takes_part(membership),
        covering=_covered(membership),
        wider=bool(getattr(membership, "wider", False)),
    )


def _takes_part(membership: Membership) -> bool:
    """As asked along with the membership; never where there is no thread yet."""
    return bool(getattr(membership, "takes_part", False))


def _lets_in(membership: Membership) -> bool:
    return _takes_part(membership) or getattr(membership, "covers", None) is not None


def _covered(membership: Membership) -> Membership | None:
    """The clinician away in whose place a clinician sits who takes no part otherwise."""
    covers = getattr(membership, "covers", None)
    if covers is None or _takes_part(membership) or membership.clinician is None:
        return None
    held = Membership.objects.select_related("clinician").get(pk=covers)
    return held if held.clinician else None


def _memberships(by: User, practice: Practice, thread: Thread | None) -> list[Membership]:
    asked = {"user": by.pk, "practice": practice.pk, "today": _today(practice)}
    held = _MEMBERSHIPS(**asked, thread=thread.pk if thread else None)
    return [each for each in held if each.active_on(_today(practice))]


def _memberships_at() -> QuerySet[Membership]:
    """Of a user at a practice, each with whether it takes part in the thread, by itself or in
    another role; for whom away it answers there (`covers`); and whether there is anything it
    carries besides (`wider`).
    """
    user, thread = Slot("user", UUIDField()), Slot("thread", UUIDField())
    held = Membership.objects.filter(
        Q(user=user) | Q(clinician__user=user),
        practice=Slot("practice", UUIDField()),
        role__in=READING_ROLES,
    )
    same = Q(membership=OuterRef("pk")) | Q(membership__clinician=OuterRef("clinician"))
    takes_part = Q(Exists(Participant.objects.filter(same, thread=thread)))
    today = Slot("today", DateField())
    covering = Coverage.objects.filter(coverage_on(today), covered_by=OuterRef("pk"))
    wider = Q(Exists(covering))
    for each in ROLES:
        takes_part |= Q(Exists(each(OuterRef("pk"), thread, today)))
        wider |= Q(Exists(each(OuterRef("pk"), None, today)))
    away = Q(membership=OuterRef("membership")) | Q(
        membership__clinician=OuterRef("membership__clinician")
    )
    here = covering.filter(Exists(Participant.objects.filter(away, thread=thread)))
    return held.select_related("clinician").annotate(
        takes_part=ExpressionWrapper(takes_part, BooleanField()),
        covers=Subquery(here.values("membership")[:1]),
        wider=ExpressionWrapper(wider, BooleanField()),
    )


_MEMBERSHIPS = Prepared(_memberships_at)


def _today(practice: Practice) -> date:
    return clock.today(practice.time_zone)
