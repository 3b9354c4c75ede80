"""What pages are given: conversations opened for one reader. Plain values, nothing to save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .content import FileNote
from .models import Addressee, Message, SenderKind, Thread
from .unread import FROM_PATIENT_SIDE

ROLES = {
    SenderKind.CLINICIAN.value: gettext_lazy("Clinician"),
    SenderKind.STAFF.value: gettext_lazy("Staff"),
    SenderKind.AUTOMATED.value: gettext_lazy("Automatic message"),
    SenderKind.PATIENT.value: gettext_lazy("Patient"),
    SenderKind.REPRESENTATIVE.value: gettext_lazy("Representative"),
}


def alarm_text() -> str:
    """What stands where something sealed does not open; never a blank."""
    return _(
        "ALARM: this was changed after it was sealed, so it is not shown. The alarm is on record; "
        "the practice must look into it."
    )


@dataclass(frozen=True)
class ThreadRow:
    """A thread in a list. `tampered`: the subject is the alarm's text."""

    thread_id: UUID
    subject: str
    state: str
    patient_id: UUID
    patient_name: str
    practice_name: str
    last_message_at: datetime
    last_sender_name: str
    last_sender_kind: str
    message_count: int
    unread_count: int
    waiting_for_first_sign_in: bool
    tampered: bool

    @property
    def awaits_practice(self) -> bool:
        """Whether the last word is the patient's side's."""
        return self.last_sender_kind in FROM_PATIENT_SIDE


@dataclass(frozen=True)
class ReadBy:
    """Who opened a message, and when; `user` is their account."""

    name: str
    read_at: datetime
    user: UUID


@dataclass(frozen=True)
class OpenFileNote(FileNote):
    """A file of a message opened, with a small picture of it as the address of its data (empty
    for what is no picture).
    """

    thumbnail: str = ""


@dataclass(frozen=True)
class OpenMessage:
    """A message opened. `tampered`: the text is the alarm's; there are no attachments.
    `covers`: the clinician away, in whose place the writer answered.
    """

    id: UUID
    sequence: int
    sender_name: str
    sender_kind: str
    on_behalf_of: str
    addressed_to: str
    sent_to: str
    sent_at: datetime
    text: str
    attachments: tuple[OpenFileNote, ...]
    read_by: tuple[ReadBy, ...]
    mine: bool
    unread: bool
    retracted_at: datetime | None
    replaces: UUID | None
    in_reply_to: UUID | None
    tampered: bool
    covers: str = ""

    @property
    def role(self) -> str:
        """What the writer is, in the reader's language."""
        return str(ROLES[self.sender_kind])

    @property
    def from_patient_side(self) -> bool:
        """Whether the patient or a representative wrote it."""
        return self.sender_kind in FROM_PATIENT_SIDE


@dataclass(frozen=True)
class PartyRow:
    """Somebody who can read the thread. `kind`: patient, representative, clinician or staff."""

    name: str
    kind: str
    can_sign_in: bool

    @property
    def says(self) -> str:
        """What they are, in the reader's language."""
        return str(ROLES[self.kind])


@dataclass(frozen=True)
class OpenThread:
    """A conversation opened. `missing`: how many messages were taken out, which is an alarm.
    `emergency_until`: it is read under emergency access, and until when that is possible.
    """

    thread_id: UUID
    subject: str
    state: str
    practice_id: UUID
    practice_name: str
    patient_id: UUID
    patient_name: str
    parties: Sequence[PartyRow]
    messages: Sequence[OpenMessage]
    side: str
    may_write: bool
    may_resolve: bool
    waiting_for_first_sign_in: bool
    tampered: bool
    missing: int
    emergency_until: datetime | None = None


def sender_name(message: Message, thread: Thread) -> str:
    """The name of who wrote it, as the other side knows them."""
    if message.sender_kind == SenderKind.PATIENT:
        return str(thread.patient.surviving)
    if message.sender_kind == SenderKind.REPRESENTATIVE and message.representative:
        return message.representative.name
    if message.sender_kind == SenderKind.CLINICIAN and message.clinician:
        return message.clinician.name
    if message.sender_kind == SenderKind.STAFF and message.sender:
        return message.sender.name
    if message.sender_kind == SenderKind.REPRESENTATIVE:
        return _("A representative")  # of an import, which names none that is known here
    return thread.practice.name


def on_behalf_of(message: Message, thread: Thread) -> str:
    """Whom the writer wrote for, where it was somebody else."""
    if message.sender_kind == SenderKind.REPRESENTATIVE:
        return str(thread.patient.surviving)
    for_clinician = message.sender_kind in {SenderKind.STAFF, SenderKind.AUTOMATED}
    return message.clinician.name if for_clinician and message.clinician else ""


def addressed_to(message: Message) -> str:
    """The name of the one it is addressed to, where it is one person of several."""
    if message.addressed_to is not None:
        return message.addressed_to.name
    if message.sent_to == Addressee.REPRESENTATIVE and message.representative:
        return message.representative.name
    return ""
