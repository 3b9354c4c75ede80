"""Elements of FHIR's JSON: references, identifiers, codes. A wrong shape reads as absent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import unquote

from wellpost.adapters.fhir.datatypes import Code, Identifier, Reference

Json = Mapping[str, Any]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Python would take 20210603 and 2021-W22-4 too, which FHIR does not."""


def day_of(text: str) -> date | None:
    """The local calendar day a FHIR date or time names; None when it names no whole day.

    What stands after the day (a time, with a zone or without one) changes nothing: the day is the
    one that was written.
    """
    if not _DAY.match(text):
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def reference(value: object, contained: Json | None = None) -> Reference:
    """Read a Reference: relative, absolute, urn:uuid, conditional, contained or by identifier."""
    held = as_object(value)
    written, display, named = (
        text_of(held, "reference"),
        text_of(held, "display"),
        text_of(held, "type"),
    )
    if written.startswith("#"):
        return _inside((contained or {}).get(written[1:]), display)
    if "?identifier=" in written:
        return _conditional(written, display)
    if written.startswith("urn:uuid:"):
        return Reference(type=named, id=written.removeprefix("urn:uuid:"), display=display)
    if written:
        return _literal(written, display)
    logical = as_object(held.get("identifier"))
    return Reference(
        named, "", text_of(logical, "system"), text_of(logical, "value"), text_of(held, "display")
    )


def _conditional(written: str, display: str) -> Reference:
    where, _, token = written.partition("?identifier=")
    system, bar, value = unquote(token).partition("|")
    if not bar:
        system, value = "", system
    return Reference(where.rsplit("/", 1)[-1], "", system, value, display)


def _literal(written: str, display: str) -> Reference:
    parts = written.split("/_history/")[0].rsplit("/", 2)[-2:]
    return Reference(type=parts[0] if len(parts) == 2 else "", id=parts[-1], display=display)


def _inside(resource: object, display: str) -> Reference:
    held = as_object(resource)
    first = next(iter(identifiers_of(held)), Identifier("", ""))
    return Reference(text_of(held, "resourceType"), "", first.system, first.value, display)


def contained_in(resource: Json) -> Json:
    return {text_of(one, "id"): one for one in as_objects(resource.get("contained"))}


def references(value: object, contained: Json | None = None) -> tuple[Reference, ...]:
    """The references of a list; one that refers to nothing is none."""
    found = (reference(one, contained) for one in as_objects(value))
    return tuple(one for one in found if one != Reference())


def as_object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def as_objects(value: object) -> Iterable[Json]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def text_of(held: Json, name: str) -> str:
    value = held.get(name)
    return value.strip() if isinstance(value, str) else ""


def codes_of(value: object) -> Iterable[Code]:
    for concept in as_objects(value):
        for coding in as_objects(concept.get("coding")):
            yield Code(text_of(coding, "system"), text_of(coding, "code"))


def identifiers_of(resource: Json) -> tuple[Identifier, ...]:
    return tuple(
        Identifier(
            text_of(one, "system"),
            text_of(one, "value"),
            next((c.code for c in codes_of([one.get("type")])), ""),
        )
        for one in as_objects(resource.get("identifier"))
        if text_of(one, "value")
    )
