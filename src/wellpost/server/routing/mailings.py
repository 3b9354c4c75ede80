"""Writing to a chosen list: a thread for each patient, never one that they share.

Nothing is sent before its writer released it. Where a clinician, or one of staff, looked at a
patient of the list and confirmed the message as their own, it is theirs; every other one is marked
as automated, because no clinician took part in it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from wellpost.errors import DataRefusedError, RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.messaging import alarms
from wellpost.server.messaging.actions import start_thread
from wellpost.server.messaging.checks import checked_body, checked_subject, membership_of
from wellpost.server.messaging.errors import TamperedError
from wellpost.server.messaging.models import Message
from wellpost.server.messaging.seats import Side
from wellpost.server.people.models import Clinician, Patient, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, require

from .models import Mailing, MailingRecipient
from .not_read import read_on_patients_side
from .one_by_one import one_by_one
from .sealing import open_text, seal_text
from .wordings import check_fields, fill, known_values

MOST_PATIENTS = 2000
A_ROUND = 50


@dataclass(frozen=True)
class Progress:
    """How far a mailing is."""

    recipients: int
    sent: int
    refused: int
    read: int

    @property
    def waiting(self) -> int:
        """Those not tried yet."""
        return self.recipients - self.sent - self.refused


@transaction.atomic
def prepare_mailing(
    *,
    practice: Practice,
    patients: Collection[UUID],
    by: User,
    subject: str,
    body: str,
    client_key: UUID,
    for_clinician: Clinician | None = None,
) -> Mailing:
    """Keep text and list; nothing is sent yet. The same `client_key` gives the same mailing, with
    the text and list that were given last; with those that were sent, once it is released.

    RequestError for an unknown field, an empty list or one too long; NotAllowed for a patient
    who is not the practice's.
    """
    require(by, Permission.WRITE_MESSAGES, practice)
    prepared = Mailing.objects.select_for_update().filter(author=by, client_key=client_key)
    held = prepared.filter(practice=practice).first()
    if held and held.released_at:
        return held
    text = {"subject": checked_subject(subject), "body": checked_body(body)}
    check_fields(subject)
    check_fields(body)
    chosen = _chosen(practice, patients)
    if for_clinician:
        membership_of(for_clinician, practice)
    made = held or Mailing(practice=practice, author=by, client_key=client_key)
    made.for_clinician, made.made_at = for_clinician, clock.now()
    seal_text(made, practice, json.dumps(text, ensure_ascii=False))
    made.save(force_insert=held is None)
    made.recipients.exclude(patient__in=chosen).delete()
    _list(made, chosen)
    _record(Deed.MAILING_MADE, made, by, patients=len(chosen))
    return made


@transaction.atomic
def add_to_mailing(*, mailing: Mailing, by: User, patients: Collection[UUID]) -> int:
    """Put these on the list as well; how many were not on it. RequestError for one that is sent
    already, and where they would be too many; NotAllowed as in `prepare_mailing`.
    """
    held = Mailing.objects.select_for_update().select_related("practice").get(pk=mailing.pk)
    _check_author(held, by)
    if held.released_at:
        raise RequestError("It is sent already. Begin another list.")
    there = set(held.recipients.values_list("patient", flat=True))
    more = [each for each in _chosen(held.practice, patients) if each.pk not in there]
    _check_size(len(there) + len(more))
    _list(held, more)
    _record(Deed.MAILING_MADE, held, by, patients=len(there) + len(more))
    return len(more)


@transaction.atomic
def discard_mailing(*, mailing: Mailing, by: User) -> None:
    """Its text and list are gone; RequestError for one that is sent already."""
    held = Mailing.objects.select_for_update().get(pk=mailing.pk)
    _check_author(held, by)
    if held.released_at:
        raise RequestError("It is sent already. Take the single messages back instead.")
    _record(Deed.MAILING_DISCARDED, held, by)
    held.delete()


@transaction.atomic
def release_mailing(*, mailing: Mailing, by: User, own: Collection[UUID] = ()) -> Mailing:
    """Send it, as one's own to the patients confirmed one by one (`own`), automated to the others.

    Released once, however often it is asked for.
    """
    held = Mailing.objects.select_for_update().get(pk=mailing.pk)
    _check_author(held, by)
    if held.released_at is None:
        confirmed = held.recipients.filter(patient__in=own).update(own=True)
        held.released_at = clock.now()
        held.save(update_fields=["released_at"])
        _record(Deed.MAILING_RELEASED, held, by, confirmed_one_by_one=confirmed)
    return held


def mailing_for(mailing_id: UUID, by: User) -> Mailing:
    """One's own mailing; NotAllowed for any other and for none."""
    held = Mailing.objects.select_related("practice", "author", "party_key", "for_clinician")
    found = held.filter(pk=mailing_id).first()
    if found is None:
        raise NotAllowed("there is no such list here.")
    _check_author(found, by)
    return found


def mailings_of(by: User, practice: Practice) -> QuerySet[Mailing]:
    """One's own, the latest first."""
    return practice.mailings.filter(author=by).order_by("-made_at", "-pk")


def text_of(mailing: Mailing) -> tuple[str, str]:
    """Subject and body, fields not filled; what says so, once they are destroyed."""
    if not mailing.sealed:
        ended = _("Its text was destroyed with the last of the conversations that it began.")
        return _("A list of the past"), ended
    said = json.loads(open_text(mailing))
    return said["subject"], said["body"]


def progress_of(mailing: Mailing) -> Progress:
    """How many were sent, how many could not be, and how many the patient's side opened."""
    held = mailing.recipients
    opened = read_on_patients_side().filter(message=OuterRef("message"))
    return Progress(
        held.count(),
        held.filter(message__isnull=False).count(),
        held.exclude(refused="").count(),
        held.filter(Exists(opened)).count(),
    )


def send_waiting() -> int:
    """Send some more of every mailing that was released; how many were sent."""
    waiting = Mailing.objects.filter(finished_at=None, released_at__isnull=False)
    joined = waiting.select_related("practice", "author", "party_key", "for_clinician")
    return one_by_one(_some_of, joined)


def _some_of(mailing: Mailing) -> int:
    left = mailing.recipients.filter(message=None, refused="").order_by("pk")
    some = list(left.values_list("pk", flat=True)[:A_ROUND])
    if not some:
        _finish(mailing)
    elif not _opens(mailing):
        left.update(refused=_("Its text was changed after it was sealed, so it is not sent."))
        return 0
    return one_by_one(lambda each: _sent(mailing, each), some)


def _opens(mailing: Mailing) -> bool:
    """Whether its text is what was sealed; else the alarm is on record."""
    try:
        text_of(mailing)
    except TamperedError as error:
        alarms.sound(error, mailing.author)
        return False
    return True


@transaction.atomic
def _sent(mailing: Mailing, recipient_id: int) -> bool:
    held = MailingRecipient.objects.select_for_update(of=("self",)).select_related(
        "patient__practice", "patient__merged_into__practice"
    )
    recipient = held.get(pk=recipient_id)
    if recipient.message_id or recipient.refused:  # another process was first
        return False
    try:
        recipient.message = _write(mailing, recipient)
    except (DataRefusedError, RequestError, TamperedError) as refusal:
        recipient.refused = str(refusal)[:300]
    except NotAllowed:
        recipient.refused = "The writer may no longer write to this patient."
    recipient.save(update_fields=["message", "refused"])
    return recipient.message_id is not None


def _write(mailing: Mailing, recipient: MailingRecipient) -> Message:
    """The thread with this patient; the key makes it one, however often it is tried."""
    patient, author = recipient.patient.surviving, mailing.author
    clinician = mailing.for_clinician or Clinician.objects.filter(user=author).first()
    values = known_values(patient=patient, by=author, clinician=clinician)
    subject, body = text_of(mailing)
    return start_thread(
        practice=mailing.practice,
        patient=patient,
        by=author,
        subject=fill(subject, values),
        body=fill(body, values),
        client_key=uuid5(mailing.pk, str(patient.pk)),
        for_clinician=mailing.for_clinician,
        automated=not recipient.own,
        side=Side.PRACTICE,
    )


def _finish(mailing: Mailing) -> None:
    waiting = Mailing.objects.filter(pk=mailing.pk, finished_at=None)
    if waiting.update(finished_at=clock.now()):
        done = progress_of(mailing)
        _record(Deed.MAILING_FINISHED, mailing, None, sent=done.sent, refused=done.refused)


def _chosen(practice: Practice, patients: Collection[UUID]) -> Sequence[Patient]:
    wanted = set(patients)
    _check_size(len(wanted))
    found = Patient.objects.filter(practice=practice, pk__in=wanted).select_related("merged_into")
    if len(found) != len(wanted):
        raise NotAllowed("one of those chosen is no patient here.")
    return list(dict.fromkeys(each.surviving for each in found))


def _check_size(patients: int) -> None:
    if not 0 < patients <= MOST_PATIENTS:
        raise RequestError(f"{patients:,} patients are chosen; choose one to {MOST_PATIENTS:,}.")


def _list(mailing: Mailing, patients: Sequence[Patient]) -> None:
    rows = [MailingRecipient(mailing=mailing, patient=each) for each in patients]
    MailingRecipient.objects.bulk_create(rows, ignore_conflicts=True)


def _check_author(mailing: Mailing, by: User) -> None:
    if mailing.author_id != by.pk:
        raise NotAllowed("there is no such list here.")
    require(by, Permission.WRITE_MESSAGES, mailing.practice)


def _record(deed: Deed, mailing: Mailing, by: User | None, **details: int) -> None:
    record(by=by, deed=deed, target=mailing, details=details)
