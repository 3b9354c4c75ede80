"""What one person may see from one seat: which threads, and which messages in them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from wellpost.server.people.models import Patient, Practice, User

from .access import seat_for, seat_in, threads_on_side_of
from .granting import grant
from .models import KeyWrap, Message, PartyKind, Thread
from .practice_seats import carried_by
from .seats import Seat, Side, no_such_thread


@dataclass(frozen=True)
class Sight:
    """What `by` may see from one seat: of one patient (`patient`, the surviving record), or (None)
    of all whose conversations they carry at the practice.
    """

    by: User
    seat: Seat
    practice: Practice
    patient: Patient | None

    @property
    def threads(self) -> QuerySet[Thread]:
        """Every thread, and no other: what is counted or sorted in it may be seen. For a
        representative those of which they hold the key of the subject.
        """
        found = Thread.objects.all()
        if self.patient:
            found = found.filter(threads_on_side_of(self.patient))
        if self.seat.side == Side.PRACTICE:
            found = found.filter(practice=self.practice)
            everything = self.seat.keeps_pool
            return found if everything else found.filter(carried_by(self.seat, self.practice))
        held = _holds_subject(self.seat)
        return found.filter(held) if held else found

    @property
    def messages(self) -> QuerySet[Message]:
        """Every message of those threads; for a representative those of the epochs granted."""
        found = Message.objects.filter(thread__in=self.threads.order_by().values("pk"))
        held = _holds(self.seat, epoch=OuterRef("epoch"))
        return found.filter(held) if held else found


def sight_of_patient(by: User, patient: Patient) -> Sight:
    """From the patient's side of this one record; NotAllowed for outsiders. A representative is
    let in to what was granted since.
    """
    kept = patient.surviving
    seat = seat_for(by, kept)
    if seat.representative and _lacks_a_key(seat, kept):
        grant(seat.representative, by)
    return Sight(by, seat, kept.practice, kept)


def sight_at_practice(by: User, practice: Practice, patient: Patient | None = None) -> Sight:
    """From the practice's side, of one of its patients or of all; NotAllowed for outsiders. An
    emergency opens nothing here: its reason is given on a page, and there one reads.
    """
    if patient and patient.practice_id != practice.pk:
        no_such_thread()
    return Sight(by, seat_in(by, practice), practice, patient.surviving if patient else None)


def _lacks_a_key(seat: Seat, patient: Patient) -> bool:
    """Whether there is a conversation whose key in force a representative does not hold yet."""
    threads = Thread.objects.filter(threads_on_side_of(patient), destruction=None)
    held = _holds_subject(seat)
    return held is not None and threads.filter(~held).exists()


def _holds_subject(seat: Seat) -> Exists | None:
    in_force = {"epoch__thread": OuterRef("pk"), "epoch__number": OuterRef("subject_epoch")}
    return _holds(seat, **in_force)


def _holds(seat: Seat, **where: object) -> Exists | None:
    """The condition that a representative holds the key; None for everybody else."""
    if not seat.representative:
        return None
    held = KeyWrap.objects.filter(
        party_key__party_kind=PartyKind.REPRESENTATIVE.value,
        party_key__party_id=seat.representative.pk,
    )
    return Exists(held.filter(**where))
