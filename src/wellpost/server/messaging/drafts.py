"""What somebody asks to be sent, checked, and who it will be from and to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict
from uuid import UUID

from django.core.files.base import File

from wellpost.server.people.models import Clinician, Membership, Representative, User

from .associated_data import Value
from .checks import checked_body, checked_key, checked_subject
from .errors import MessageRefusedError
from .files import NotedFile, noted
from .models import Addressee, Message, Participant, SenderKind
from .seats import Seat, Side


@dataclass(frozen=True)
class Draft:
    """One sending, as asked for: text and files were looked through already. `by` None: the
    practice itself, automatically. `covers`: the clinician away for whom it is written.
    """

    by: User | None
    client_key: str
    body: str
    files: tuple[NotedFile, ...]
    subject: str = ""
    in_reply_to: Message | None = None
    for_clinician: Clinician | None = None
    to_colleague: Membership | None = None
    representative: Representative | None = None
    replaces: Message | None = None
    automated: bool = False
    covers: Clinician | None = None

    def fingerprint(self, where: UUID) -> tuple[Value, ...]:
        """Everything that makes two sendings the same; `where` is the thread, or the patient."""
        chosen = (
            self.in_reply_to, self.for_clinician, self.to_colleague, self.representative,
            self.replaces,
        )  # fmt: skip
        files = (f"{each.note.name}:{each.note.sha256}" for each in self.files)
        named = (each.pk if each else None for each in chosen)
        return (where, self.subject, self.body, self.automated, *named, *files)


class Attribution(TypedDict):
    """The columns of a message that say who wrote it and to whom."""

    sender_kind: SenderKind
    clinician: Clinician | None
    representative: Representative | None
    sent_to: Addressee
    addressed_to: Membership | None


def drafted(
    *,
    by: User | None,
    body: str,
    client_key: object,
    attachments: Sequence[File[Any]],
    subject: str | None = None,
    **choices: Any,
) -> Draft:
    """The draft; MessageRefusedError where it cannot be sent as it is."""
    key, text = checked_key(client_key), checked_body(body)
    topic = "" if subject is None else checked_subject(subject)
    return Draft(by, key, text, tuple(noted(attachments)), topic, **choices)


def attributed(draft: Draft, seat: Seat, participants: Sequence[Participant]) -> Attribution:
    """Who the message is from and to, as the measures ask it."""
    if seat.side == Side.PATIENT:
        return _from_patient(draft, seat, participants)
    return _from_practice(draft, seat)


def _from_patient(draft: Draft, seat: Seat, participants: Sequence[Participant]) -> Attribution:
    if draft.automated or draft.to_colleague or draft.representative:
        raise MessageRefusedError("Only the practice can write so. Write to the practice.")
    held = [each.membership for each in participants]
    at = {each.clinician_id: each for each in held if each.clinician_id}
    chosen = _clinician_id(draft)
    addressed = at.get(chosen) if chosen else _only(at)
    if draft.for_clinician and addressed is None:
        raise MessageRefusedError(
            "The clinician chosen takes no part in this conversation. Choose one who does, "
            "or write to the practice."
        )
    return {
        "sender_kind": seat.kind,
        "clinician": addressed.clinician if addressed else None,
        "representative": seat.representative,
        "sent_to": Addressee.CLINICIAN,
        "addressed_to": addressed,
    }


def _clinician_id(draft: Draft) -> UUID | None:
    """The clinician the patient chose, or else the one answered."""
    if draft.for_clinician:
        return draft.for_clinician.pk
    return draft.in_reply_to.clinician_id if draft.in_reply_to else None


def _only(at: dict[UUID, Membership]) -> Membership | None:
    return next(iter(at.values())) if len(at) == 1 else None


def _from_practice(draft: Draft, seat: Seat) -> Attribution:
    representative = draft.representative or _answered(draft)
    return {
        "sender_kind": SenderKind.AUTOMATED if draft.automated else seat.kind,
        "clinician": _writing_clinician(draft, seat),
        "representative": None if draft.to_colleague else representative,
        "sent_to": _addressee(draft, representative),
        "addressed_to": draft.to_colleague,
    }


def _addressee(draft: Draft, representative: Representative | None) -> Addressee:
    if draft.to_colleague:
        return Addressee.CLINICIAN
    return Addressee.REPRESENTATIVE if representative else Addressee.PATIENT


def _answered(draft: Draft) -> Representative | None:
    """An answer to a representative's message goes to the representative."""
    reply = draft.in_reply_to
    if reply and reply.sender_kind == SenderKind.REPRESENTATIVE:
        return reply.representative
    return None


def _writing_clinician(draft: Draft, seat: Seat) -> Clinician | None:
    """A clinician writes as such; staff write for the one they name, or for none."""
    if seat.clinician and not draft.automated:
        if draft.for_clinician not in (None, seat.clinician):
            raise MessageRefusedError(
                "A clinician writes in their own name; choose no other clinician to write for."
            )
        return seat.clinician
    return draft.for_clinician or seat.clinician
