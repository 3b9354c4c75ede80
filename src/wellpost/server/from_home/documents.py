"""What a photo or document from home can be."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from wellpost.errors import RequestError

from .kinds import Says


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: how people call it, and its LOINC code and name."""

    code: str
    label: Says
    display: str


DOCUMENTS = (
    DocumentKind("42348-3", _("An advance directive (living will, health care proxy)"),
                 "Advance healthcare directives"),
    DocumentKind("72170-4", _("A photo"), "Photographic image Unspecified body region"),
    DocumentKind("51855-5", _("Another document, or a diary"), "Patient Note"),
)  # fmt: skip
PATIENT_NOTE = DOCUMENTS[2]


def document_of(code: str) -> DocumentKind:
    """The kind with that code; RequestError for none."""
    for each in DOCUMENTS:
        if each.code == code:
            return each
    raise RequestError("Say what it is: choose one of the kinds on the list.")
