"""The record as a file: for people, for other systems, for apps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from wellpost import __version__
from wellpost.adapters.ccda.package import packed
from wellpost.adapters.ccda.record import Given, Keeper
from wellpost.adapters.ccda.writer import write_ccd
from wellpost.adapters.fhir.record_bundle import bundle
from wellpost.adapters.pdf.record import Printed, record_as_pdf
from wellpost.errors import RequestError
from wellpost.reports.documents import Made
from wellpost.server.clock import time as clock

from .contents import Contents
from .files import Form

MOST_AT_ONCE = 64 * 1024 * 1024
"""Bytes of JSON from which a PDF or a C-CDA would take more memory than a server should give."""


TYPES = {
    Form.PDF: ("pdf", "application/pdf"),
    Form.CCDA: ("zip", "application/zip"),
    Form.FHIR: ("json", "application/fhir+json"),
}


@dataclass(frozen=True)
class File:
    """A file in the making: its name, what it is, its bytes piece by piece."""

    name: str
    media_type: str
    pieces: Iterable[bytes]

    def whole(self, most: int) -> bytes:
        """All of it; RequestError where it is longer than `most` bytes."""
        made = bytearray()
        for piece in self.pieces:
            made += piece
            if len(made) > most:
                raise RequestError(_("This is too much to send at once. Choose fewer days."))
        return bytes(made)


def make(contents: Contents, form: Form) -> File:
    """The file; RequestError where there is too much for one of this form.

    Its name says neither of whom it is nor what is in it: names of files show in many places.
    """
    extension, media_type = TYPES[form]
    name = f"health-record-{clock.today(contents.patient.practice.time_zone)}.{extension}"
    return File(name, media_type, _pieces(contents, form))


def _pieces(contents: Contents, form: Form) -> Iterable[bytes]:
    if form is Form.FHIR:
        return _bundle(contents)
    if contents.size > MOST_AT_ONCE:
        raise RequestError(
            _("Your record is very large. Choose fewer days, or the FHIR file, which has no limit.")
        )
    return [_pdf(contents) if form is Form.PDF else _ccda(contents)]


def _bundle(contents: Contents) -> Iterator[bytes]:
    base = f"{settings.SITE_ADDRESS.rstrip('/')}/fhir"
    about = str(contents.patient.surviving.pk)
    for text in bundle(contents.bodies(), base=base, at=clock.now(), about=about):
        yield text.encode()


def _ccda(contents: Contents) -> bytes:
    practice, now = contents.patient.practice, clock.now()
    keeper = Keeper(practice.name, str(practice.pk), practice.phone)
    given = Given(now, contents.start, contents.end)
    return packed(write_ccd(contents.resources(), keeper, given), now)


def _pdf(contents: Contents) -> bytes:
    person = contents.patient.surviving
    printed = Printed(
        name=str(person),
        born_on=person.birth_on,
        keeper=person.practice.name,
        start=contents.start,
        end=contents.end,
    )
    made = Made(f"Wellpost {__version__}", clock.now())
    return record_as_pdf(printed, contents.resources(), made)
