"""Notes and documents: their text where it is text, else the file itself."""

from __future__ import annotations

import base64
import binascii

from wellpost.adapters.ccda.codes import coded
from wellpost.adapters.ccda.elements import (
    LOINC,
    Element,
    element,
    first,
    identifier,
    loinc,
    newer_template,
    status,
)
from wellpost.adapters.ccda.people import person
from wellpost.adapters.ccda.record import Record
from wellpost.adapters.ccda.times import at, moment
from wellpost.adapters.fhir.elements import Json, as_object, as_objects, text_of


def note(resource: Json, row: str, record: Record) -> Element | None:
    """A DocumentReference as a Note Activity."""
    if text_of(resource, "status") == "entered-in-error":
        return None
    return element(
        "act",
        *newer_template("4.202", "2016-11-01"),
        identifier(resource),
        _kind(resource),
        _text(resource, row),
        status("completed"),
        at("effectiveTime", text_of(resource, "date")),
        _author(resource, record),
        classCode="ACT",
        moodCode="EVN",
    )


def attachment(resource: Json) -> Json:
    """The first attachment of a document."""
    return as_object(first(resource.get("content")).get("attachment"))


def decoded(attached: Json) -> bytes | None:
    """The bytes of an attachment; None where they are not here or broken."""
    try:
        return base64.b64decode(text_of(attached, "data"), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _kind(resource: Json) -> Element:
    """Note, and in the translation which kind of note."""
    kind = coded("translation", resource.get("type"), prefer=LOINC)
    return loinc("code", "34109-9", "Note", *([kind] if kind.get("code") else []))


def _text(resource: Json, row: str) -> Element:
    """The file in base 64 where it is no plain text; always where the narrative says it."""
    said = element("reference", value=f"#{row}")
    attached = attachment(resource)
    kind = text_of(attached, "contentType").partition(";")[0]
    data = decoded(attached)
    if data is None or kind in ("", "text/plain"):
        return element("text", said)
    made = element("text", said, mediaType=kind, representation="B64")
    said.tail = base64.b64encode(data).decode()
    return made


def _author(resource: Json, record: Record) -> Element:
    """Who wrote it and when; C-CDA asks for one (CONF:3250-16912)."""
    named = next(iter(as_objects(resource.get("author"))), {})
    found = record.referred(named, resource)
    written = text_of(resource, "date")
    time = at("time", written) if moment(written) else element("time", nullFlavor="UNK")
    return element("author", time, person(found, "assignedAuthor"))
