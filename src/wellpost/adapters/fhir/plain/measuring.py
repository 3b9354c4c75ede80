"""What an Observation measured: one number, or the numbers of its components."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from wellpost.adapters.fhir.elements import Json, as_object, as_objects, text_of

from .codes import INTERPRETATIONS
from .entries import Measured
from .saying import Speaker, concept, number_of, range_of, unit_of

BLOOD_PRESSURE = ("8480-6", "8462-4")
"""LOINC codes of the systolic and the diastolic pressure, written 120/80."""


def measured(resource: Json) -> tuple[Measured, ...]:
    """Its numbers, its own before those of its components."""
    parts = (resource, *as_objects(resource.get("component")))
    return tuple(filter(None, map(_one, parts)))


def said(speaker: Speaker) -> str:
    """Its value in words: `120/80 mmHg`, `70.5 kg`, `Positive`, with what was made of it."""
    resource = speaker.resource
    value = _pressure(measured(resource)) or speaker.at("value[x]")
    value = value or speaker.at("dataAbsentReason")
    if not value:
        value = ", ".join(_components(speaker))
    judged = interpretation(resource)
    return f"{value} ({judged})" if value and judged else value or judged


def interpretation(resource: Json) -> str:
    """High, low and so on, as its source judged it; nothing where that was normal."""
    for one in as_objects(resource.get("interpretation")):
        codes = [text_of(each, "code") for each in as_objects(one.get("coding"))]
        if "N" in codes:
            return ""
        known = (INTERPRETATIONS[code] for code in codes if code in INTERPRETATIONS)
        return next(known, concept(one))
    return ""


def usual_range(resource: Json) -> str:
    """The reference range that came with it."""
    for one in as_objects(resource.get("referenceRange")):
        written = range_of(as_object(one.get("low")), as_object(one.get("high")))
        if written or text_of(one, "text"):
            return written or text_of(one, "text")
    return ""


def _one(part: Json) -> Measured | None:
    value = as_object(part.get("valueQuantity"))
    number = number_of(value.get("value", part.get("valueInteger")))
    if number is None:
        return None
    low, high = _ends(part)
    codings = list(as_objects(as_object(part.get("code")).get("coding")))
    code = next((text_of(one, "code") for one in codings), "")
    return Measured(code, concept(part.get("code")), number, unit_of(value), low, high)


def _ends(part: Json) -> tuple[Decimal | None, Decimal | None]:
    for one in as_objects(part.get("referenceRange")):
        low, high = (number_of(as_object(one.get(end)).get("value")) for end in ("low", "high"))
        if low is not None or high is not None:
            return low, high
    return None, None


def _pressure(values: tuple[Measured, ...]) -> str:
    found = {each.code: each for each in values}
    if not all(code in found for code in BLOOD_PRESSURE):
        return ""
    upper, lower = (found[code] for code in BLOOD_PRESSURE)
    return f"{upper.number:f}/{lower.number:f} {upper.unit}"


def _components(speaker: Speaker) -> Iterator[str]:
    for part in as_objects(speaker.resource.get("component")):
        value = Speaker(part, speaker.find).at("value[x]")
        if value:
            yield f"{concept(part.get('code'))}: {value}"
