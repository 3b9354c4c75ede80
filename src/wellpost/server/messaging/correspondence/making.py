"""Conversations as a file, on record: what was taken, in which form, by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wellpost import __version__
from wellpost.adapters.fhir.correspondence import bundle
from wellpost.adapters.pdf.conversations import Cover, Said, Talk, conversations_as_pdf
from wellpost.errors import RequestError
from wellpost.reports.documents import Made
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, User

from ..seats import Side
from ..showing import ROLES, on_behalf_of, sender_name
from .fhir import conversation
from .gathering import Correspondence, OpenedMessage, OpenedThread

MOST_AT_ONCE = 32 * 1024 * 1024
"""Bytes of messages from which a PDF would take more memory than a server should give."""
TYPES = {"pdf": ("pdf", "application/pdf"), "fhir": ("json", "application/fhir+json")}


@dataclass(frozen=True)
class File:
    """A file in the making: its name, what it is, its bytes piece by piece."""

    name: str
    media_type: str
    pieces: Iterable[bytes]


@transaction.atomic
def export(*, by: User, patient: Patient, side: Side, form: str, only: UUID | None = None) -> File:
    """All conversations with the patient (`only`: this one), as `pdf` or `fhir`.

    NotAllowed for who may not read all of them; RequestError for another form, and where there is
    too much for one PDF; then nothing is on record. The name of the file tells nothing.
    """
    if form not in TYPES:
        raise RequestError(f"{form!r} is no form of a file; choose {' or '.join(TYPES)}.")
    held = Correspondence.of(by, patient, side, only)
    if form == "pdf" and held.size > MOST_AT_ONCE:
        raise RequestError(
            _("This is too much for one PDF. Take the FHIR file, which has no limit.")
        )
    _record(held, form)
    extension, media_type = TYPES[form]
    today = clock.today(held.patient.practice.time_zone)
    pieces = _fhir(held) if form == "fhir" else [_pdf(held)]
    return File(f"messages-{today}.{extension}", media_type, pieces)


def _fhir(held: Correspondence) -> Iterator[bytes]:
    base = f"{settings.SITE_ADDRESS.rstrip('/')}/fhir"
    for text in bundle(map(conversation, held.threads()), base=base, at=clock.now()):
        yield text.encode()


def _pdf(held: Correspondence) -> bytes:
    patient, practice = held.patient, held.patient.practice
    made = Made(f"Wellpost {__version__}", clock.now())
    cover = Cover(
        title=_("Messages of %(patient)s") % {"patient": patient},
        subtitle=practice.name,
        pairs=[
            (_("Patient"), str(patient)),
            (_("Born on"), str(patient.birth_on or _("not written down"))),
            (_("Kept by"), practice.name),
            (_("Made on"), f"{made.at:%Y-%m-%d %H:%M} UTC"),
            (_("Conversations"), str(len(held.thread_ids))),
        ],
    )
    zone = ZoneInfo(practice.time_zone)
    return conversations_as_pdf(cover, (_talk(each, zone) for each in held.threads()), made)


def _talk(opened: OpenedThread, zone: ZoneInfo) -> Talk:
    said = [_said(each, opened, zone) for each in opened.messages]
    return Talk(opened.subject or _("A conversation"), said)


def _said(each: OpenedMessage, opened: OpenedThread, zone: ZoneInfo) -> Said:
    message = each.message
    role, behalf = str(ROLES[message.sender_kind]), on_behalf_of(message, opened.thread)
    who = f"{sender_name(message, opened.thread)} ({role})"
    if behalf:
        who = _("%(who)s on behalf of %(behalf)s") % {"who": who, "behalf": behalf}
    return Said(
        who=who,
        when=str(date_format(message.sent_at.astimezone(zone), "F j, Y, P")),
        text=each.content.text,
        files=[file.name for file in each.content.files],
        note=_("Taken back by its writer.") if message.retracted_at else "",
    )


def _record(held: Correspondence, form: str) -> None:
    representative = held.seat.representative
    record(
        by=held.by,
        deed=Deed.CORRESPONDENCE_EXPORTED,
        target_kind="thread",
        practice_id=held.patient.practice_id,
        patient_id=held.patient.pk,
        on_behalf_of=representative.patient_id if representative else "",
        details={"form": form, "threads": [str(each) for each in held.thread_ids]},
    )
