"""Medicines, vaccines and devices: what was given, how much, how often."""

from __future__ import annotations

from wellpost.adapters.ccda.codes import coded
from wellpost.adapters.ccda.elements import (
    Element,
    element,
    first,
    identifier,
    said_in,
    status,
    templates,
    typed,
)
from wellpost.adapters.ccda.people import person
from wellpost.adapters.ccda.record import Record
from wellpost.adapters.ccda.times import at, span, when
from wellpost.adapters.ccda.values import number, quantity
from wellpost.adapters.fhir.elements import Json, as_object, text_of

RXNORM = "2.16.840.1.113883.6.88"
CVX = "2.16.840.1.113883.12.292"
OVER = {"completed": "completed", "stopped": "aborted", "cancelled": "aborted", "ended": "aborted"}
PERIODS = {"s": "s", "min": "min", "h": "h", "d": "d", "wk": "wk", "mo": "mo", "a": "a"}


def medication(resource: Json, row: str, record: Record) -> Element | None:
    """A MedicationRequest, MedicationStatement, MedicationAdministration or -Dispense."""
    if text_of(resource, "status") == "entered-in-error":
        return None
    dose = first(resource.get("dosageInstruction")) or first(resource.get("dosage"))
    dose = dose or as_object(resource.get("dosage"))
    return element(
        "substanceAdministration",
        *templates("4.16", "2014-06-09"),
        identifier(resource),
        said_in(row),
        status(OVER.get(text_of(resource, "status"), "active")),
        *_times(resource, dose),
        coded("routeCode", dose["route"]) if dose.get("route") else None,
        _amount(dose),
        element("consumable", _product(resource, row, record)),
        classCode="SBADM",
        moodCode="INT" if resource.get("resourceType") == "MedicationRequest" else "EVN",
    )


def immunization(resource: Json, row: str, record: Record) -> Element | None:
    """An Immunization; one not done is negated."""
    if text_of(resource, "status") == "entered-in-error":
        return None
    maker = text_of(record.referred(resource.get("manufacturer"), resource), "display")
    lot = text_of(resource, "lotNumber")
    material = element(
        "manufacturedMaterial",
        coded("code", resource.get("vaccineCode"), prefer=CVX, row=row),
        element("lotNumberText", text=lot) if lot else None,
    )
    product = element(
        "manufacturedProduct",
        *templates("4.54", "2014-06-09"),
        material,
        element("manufacturerOrganization", element("name", text=maker)) if maker else None,
        classCode="MANU",
    )
    done, _ = when(resource, "occurrence")
    dose = as_object(resource.get("doseQuantity"))
    return element(
        "substanceAdministration",
        *templates("4.52", "2015-08-01"),
        identifier(resource),
        said_in(row),
        status("completed"),
        at("effectiveTime", done),
        coded("routeCode", resource["route"]) if resource.get("route") else None,
        quantity("doseQuantity", dose, kind="") if dose else None,
        element("consumable", product),
        _giver(resource, record),
        classCode="SBADM",
        moodCode="EVN",
        negationInd=str(text_of(resource, "status") == "not-done").lower(),
    )


def device(resource: Json, row: str, record: Record) -> Element | None:
    """A Device of the patient as a supply with its product instance."""
    carrier = text_of(first(resource.get("udiCarrier")), "carrierHRF")
    instance = element(
        "participantRole",
        *templates("4.37"),
        element("id", root="2.16.840.1.113883.3.3719", extension=carrier or None)
        if carrier
        else identifier(resource, "instance"),
        element("playingDevice", coded("code", resource.get("type"), row=row)),
        element("scopingEntity", element("id", root="2.16.840.1.113883.3.3719")),
        classCode="MANU",
    )
    return element(
        "supply",
        *templates("4.50", "2014-06-09"),
        identifier(resource),
        said_in(row),
        status("active" if text_of(resource, "status") in ("active", "") else "completed"),
        element("participant", instance, typeCode="PRD"),
        classCode="SPLY",
        moodCode="EVN",
    )


def _times(resource: Json, dose: Json) -> list[Element]:
    """From when to when, and how often."""
    start, end = when(resource, "effective")
    start = start or text_of(resource, "authoredOn") or text_of(resource, "whenHandedOver")
    over = text_of(resource, "status") in OVER
    lasting = span("effectiveTime", start, end if end != start else "", ended=over)
    repeat = as_object(as_object(dose.get("timing")).get("repeat"))
    every = _every(repeat)
    return [lasting] if every is None else [lasting, every]


def _every(repeat: Json) -> Element | None:
    """`frequency` times in `period` as one time in a part of it, where that comes out even."""
    length, unit = number(repeat.get("period")), PERIODS.get(text_of(repeat, "periodUnit"))
    times = repeat.get("frequency", 1)
    if not length or not unit or not isinstance(times, int) or times < 1:
        return None
    if unit == "d" and (24 * float(length)) % times == 0:
        length, unit, times = f"{24 * float(length) / times:g}", "h", 1
    if times != 1:
        return None
    made = typed("effectiveTime", "PIVL_TS", element("period", value=length, unit=unit))
    made.set("operator", "A")
    return made


def _amount(dose: Json) -> Element:
    """How much at a time; C-CDA asks for it even where nobody knows (CONF:1098-7516)."""
    given = as_object(first(dose.get("doseAndRate")).get("doseQuantity"))
    given = given or as_object(dose.get("doseQuantity")) or as_object(dose.get("dose"))
    return quantity("doseQuantity", given, kind="")


def _product(resource: Json, row: str, record: Record) -> Element:
    concept = resource.get("medicationCodeableConcept")
    if not concept:
        concept = record.referred(resource.get("medicationReference"), resource).get("code")
    material = element("manufacturedMaterial", coded("code", concept, prefer=RXNORM, row=row))
    return element(
        "manufacturedProduct", *templates("4.23", "2014-06-09"), material, classCode="MANU"
    )


def _giver(resource: Json, record: Record) -> Element | None:
    actor = record.referred(first(resource.get("performer")).get("actor"), resource)
    known = actor.get("resourceType") == "Practitioner"
    return element("performer", person(actor)) if known else None
