"""Observations: results of tests, vital signs, and what is known of somebody's life."""

from __future__ import annotations

from collections.abc import Iterator

from wellpost.adapters.ccda.codes import code_in, coded
from wellpost.adapters.ccda.elements import (
    LOINC,
    Element,
    element,
    identifier,
    loinc,
    newer_template,
    said_in,
    snomed,
    status,
    templates,
    typed,
)
from wellpost.adapters.ccda.patient import US_CORE, extension
from wellpost.adapters.ccda.record import Record
from wellpost.adapters.ccda.times import at, when
from wellpost.adapters.ccda.values import interpretation, limits, normal, quantity, value_of
from wellpost.adapters.fhir.elements import Json, as_object, as_objects, text_of

STATES = {"registered": "active", "preliminary": "active", "partial": "active"}
LEFT_OUT = {"entered-in-error", "cancelled"}
SMOKING = {"72166-2"}
SEXES = {"M": "Male", "F": "Female"}


def result(resource: Json, row: str, record: Record) -> Element | None:
    """An Observation of its own as an organizer of one result, or of its components."""
    if text_of(resource, "status") in LEFT_OUT:
        return None
    parts = list(_results(resource, row))
    return _organizer(resource, resource, parts) if parts else None


def report(resource: Json, row: str, record: Record) -> Element | None:
    """A DiagnosticReport with the Observations that it holds; none of them here: nothing."""
    held = [record.referred(each, resource) for each in as_objects(resource.get("result"))]
    wanted = [each for each in held if each.get("resourceType") == "Observation"]
    parts = [part for each in wanted for part in _results(each, row)]
    return _organizer(resource, wanted[0], parts) if parts else None


def vital_sign(resource: Json, row: str, record: Record) -> Element | None:
    """A vital sign as an organizer: of one, or of the components of a blood pressure."""
    if text_of(resource, "status") in LEFT_OUT:
        return None
    measured = [
        _vital(resource, part, row, number)
        for number, part in enumerate(_parts(resource))
        if part.get("valueQuantity")
    ]
    if not measured:
        return None
    start, _ = when(resource, "effective")
    return element(
        "organizer",
        *templates("4.26", "2015-08-01"),
        identifier(resource),
        snomed(
            "code", "46680005", "Vital signs", loinc("translation", "74728-7", "Vital signs panel")
        ),
        status("completed"),
        at("effectiveTime", start),
        *(element("component", each) for each in measured),
        classCode="CLUSTER",
        moodCode="EVN",
    )


def social(resource: Json, row: str, record: Record) -> Element | None:
    """Smoking in its own template, everything else as a social history observation."""
    if text_of(resource, "status") in LEFT_OUT:
        return None
    start, _ = when(resource, "effective")
    smoking = code_in(as_object(resource.get("code")), LOINC) in SMOKING
    number, newer = ("4.78", "2014-06-09") if smoking else ("4.38", "2015-08-01")
    return element(
        "observation",
        *templates(number, newer),
        identifier(resource),
        coded("code", resource.get("code"), prefer=LOINC),
        said_in(row),
        status("completed"),
        at("effectiveTime", start),
        value_of(resource),
        classCode="OBS",
        moodCode="EVN",
    )


def birth_sex(resource: Json) -> Element | None:
    """The sex that was written down at birth (US Core), of the Patient."""
    code = text_of(extension(resource, f"{US_CORE}/us-core-birthsex"), "valueCode")
    if code not in SEXES:
        return None
    value = typed(
        "value", "CD", code=code, codeSystem="2.16.840.1.113883.5.1", displayName=SEXES[code]
    )
    return element(
        "observation",
        *newer_template("4.200", "2016-06-01"),
        loinc("code", "76689-9", "Sex Assigned At Birth"),
        status("completed"),
        at("effectiveTime", text_of(resource, "birthDate")),
        value,
        classCode="OBS",
        moodCode="EVN",
    )


def _organizer(resource: Json, named: Json, parts: list[Element]) -> Element:
    start, end = when(resource, "effective")
    if not start:
        start, end = when(named, "effective")
    return element(
        "organizer",
        *templates("4.1", "2015-08-01"),
        identifier(resource),
        coded("code", resource.get("code"), prefer=LOINC),
        status(_state(resource)),
        element("effectiveTime", at("low", start), at("high", end)),
        *(element("component", each) for each in parts),
        classCode="BATTERY",
        moodCode="EVN",
    )


def _state(resource: Json) -> str:
    return STATES.get(text_of(resource, "status"), "completed")


def _parts(resource: Json) -> Iterator[Json]:
    """What has a value: the observation itself, and each of its components."""
    components = list(as_objects(resource.get("component")))
    has_own = any(name.startswith("value") for name in resource)
    if has_own or not components:
        yield resource
    yield from components


def _results(resource: Json, row: str) -> Iterator[Element]:
    start, _ = when(resource, "effective")
    for number, part in enumerate(_parts(resource)):
        yield element(
            "observation",
            *templates("4.2", "2015-08-01"),
            identifier(resource, f"result {number}"),
            coded("code", part.get("code"), prefer=LOINC),
            said_in(row),
            status(_state(resource)),
            at("effectiveTime", start),
            value_of(part),
            *interpretation(part),
            *_normal(part),
            classCode="OBS",
            moodCode="EVN",
        )


def _normal(part: Json) -> list[Element]:
    """Ranges in numbers; C-CDA forbids one that has none (CONF:1198-31838 asks for a value)."""
    found = as_objects(part.get("referenceRange"))
    return normal({"referenceRange": [each for each in found if _has_limits(each)]})


def _has_limits(given: Json) -> bool:
    return limits(as_object(given.get("low")), as_object(given.get("high"))) is not None


def _vital(resource: Json, part: Json, row: str, number: int) -> Element:
    start, _ = when(resource, "effective")
    return element(
        "observation",
        *templates("4.27", "2014-06-09"),
        identifier(resource, f"vital sign {number}"),
        coded("code", part.get("code"), prefer=LOINC),
        said_in(row),
        status("completed"),
        at("effectiveTime", start),
        quantity("value", as_object(part.get("valueQuantity"))),
        *interpretation(part)[:1],
        *_normal(part),
        classCode="OBS",
        moodCode="EVN",
    )
