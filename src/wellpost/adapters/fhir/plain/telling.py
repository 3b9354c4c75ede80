"""A FHIR resource as an entry of a record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from wellpost.adapters.fhir.elements import Json, as_object, as_objects, day_of, text_of

from .documents import files_of, narrative_of
from .entries import Entry
from .kinds import ANY, KINDS, Kind
from .marking import gettext_noop as _
from .measuring import interpretation, measured, said, usual_range
from .saying import Find, Speaker, concept, quantity, values_at
from .sections import section_of

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def entry(resource: Json, find: Find, *, brief: bool = False) -> Entry:
    """What the resource says. `find` gives another resource by its literal reference, or None;
    `brief` leaves the facts out, which cost most of it.

    Nothing of it is markup: texts may hold any character, and whoever shows them escapes them.
    """
    kind, speaker = KINDS.get(text_of(resource, "resourceType"), ANY), Speaker(resource, find)
    values = measured(resource) if text_of(resource, "resourceType") == "Observation" else ()
    return Entry(
        section=section_of(resource),
        title=_title(kind, speaker),
        facts=() if brief else tuple(_facts(kind, speaker)),
        on=_on(kind, resource),
        value=values[0] if values else None,
        note=_note(resource),
        says=_says(kind, speaker),
        current=not is_past(resource),
        values=values,
        files=tuple(files_of(resource)),
    )


def _title(kind: Kind, speaker: Speaker) -> str:
    for path in kind.title:
        value = next(values_at(speaker.resource, path), None)
        if said_so := speaker.words(value):
            return said_so[:300]
    return kind.called if kind is not ANY else _called(speaker.resource)


def _called(resource: Json) -> str:
    return _WORDS.sub(" ", text_of(resource, "resourceType")).capitalize() or ANY.called


def _on(kind: Kind, resource: Json) -> date | None:
    for path in kind.on:
        for value in values_at(resource, path):
            if isinstance(value, str) and (day := _first_day(value)):
                return day
    return None


def _first_day(text: str) -> date | None:
    """The day a date names, the first one of a month or a year."""
    return day_of(f"{text}-01-01"[:10] if len(text) in (4, 7) else text)


def _says(kind: Kind, speaker: Speaker) -> str:
    if kind is KINDS["Observation"]:
        return said(speaker)
    return next(filter(None, (_fact(speaker, path) for path in kind.says)), "")


def _facts(kind: Kind, speaker: Speaker) -> Iterator[tuple[str, str]]:
    if kind is KINDS["Observation"]:
        yield from _observed(speaker)
    for label, path in kind.facts:
        if text := _fact(speaker, path):
            yield label, text
    if kind is KINDS["QuestionnaireResponse"]:
        yield from _answers(speaker.resource.get("item"), speaker)


def _fact(speaker: Speaker, path: str) -> str:
    if path in ("dosageInstruction", "dosage"):
        doses = as_objects(speaker.resource.get(path))
        return "; ".join(filter(None, (_dose(each, speaker) for each in doses)))
    return speaker.at(path)


def _dose(dose: Json, speaker: Speaker) -> str:
    """`1 tablet by mouth, once every day, as needed`, or as its source says it."""
    if written := text_of(dose, "text") or text_of(dose, "patientInstruction"):
        return written
    amounts = as_objects(dose.get("doseAndRate"))
    amount = next(filter(None, (quantity(as_object(a.get("doseQuantity"))) for a in amounts)), "")
    often = speaker.words(as_object(dose.get("timing")))
    needed = "as needed" if dose.get("asNeededBoolean") is True else ""
    return ", ".join(filter(None, (amount, concept(dose.get("route")), often, needed)))


def _observed(speaker: Speaker) -> Iterator[tuple[str, str]]:
    resource = speaker.resource
    pairs = [
        (_("Value"), said(speaker)),
        (_("Usual range"), usual_range(resource)),
        (_("Judged as"), interpretation(resource)),
    ]
    parts = as_objects(resource.get("component"))
    pairs += [(concept(part.get("code")), _value(part, speaker)) for part in parts]
    return ((label, text) for label, text in pairs if label and text)


def _value(part: Json, speaker: Speaker) -> str:
    return Speaker(part, speaker.find).at("value[x]")


def _answers(items: object, speaker: Speaker, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Each question with its answers, those inside others too."""
    for item in as_objects(items):
        given = [
            Speaker(one, speaker.find).at("value[x]") for one in as_objects(item.get("answer"))
        ]
        if any(given):
            yield text_of(item, "text") or text_of(item, "linkId"), ", ".join(filter(None, given))
        if depth < 20:
            yield from _answers(item.get("item"), speaker, depth + 1)


def is_past(resource: Json) -> bool:
    """Whether it says of itself that it no longer holds: resolved, stopped, replaced."""
    kind = KINDS.get(text_of(resource, "resourceType"), ANY)
    status = resource.get("clinicalStatus", resource.get("lifecycleStatus", resource.get("status")))
    if isinstance(status, str):
        return status in kind.past
    codings = as_objects(as_object(status).get("coding"))
    return any(text_of(one, "code") in kind.past for one in codings)


def _note(resource: Json) -> str:
    """What was written beside it; of a kind nobody described, the words of its narrative."""
    notes = [text_of(one, "text") for one in as_objects(resource.get("note"))]
    if not any(notes) and text_of(resource, "resourceType") not in KINDS:
        return narrative_of(resource)
    return "\n".join(filter(None, notes))
