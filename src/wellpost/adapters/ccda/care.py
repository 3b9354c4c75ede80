"""Procedures, visits, who cares for the patient, and what is planned."""

from __future__ import annotations

from collections.abc import Iterator

from wellpost.adapters.ccda.codes import coded, words
from wellpost.adapters.ccda.elements import (
    XSI,
    Element,
    element,
    first,
    identifier,
    loinc,
    newer_template,
    said_in,
    status,
    templates,
)
from wellpost.adapters.ccda.people import called, person
from wellpost.adapters.ccda.record import Record
from wellpost.adapters.ccda.times import at, span, when
from wellpost.adapters.ccda.values import value_of
from wellpost.adapters.fhir.elements import Json, as_object, as_objects, text_of

DONE = {"completed": "completed", "stopped": "aborted", "not-done": "cancelled"}
CPT = "2.16.840.1.113883.6.12"
TEAM = ("2019-07-01", "2022-06-01")
PEOPLE = {"Practitioner", "PractitionerRole", "RelatedPerson"}


def procedure(resource: Json, row: str, record: Record) -> Element | None:
    """A Procedure."""
    if text_of(resource, "status") == "entered-in-error":
        return None
    start, end = when(resource, "performed")
    timed = at("effectiveTime", start) if start == end else span("effectiveTime", start, end)
    return element(
        "procedure",
        *templates("4.14", "2014-06-09"),
        identifier(resource),
        coded("code", resource.get("code"), row=row),
        said_in(row),
        status(DONE.get(text_of(resource, "status"), "active")),
        _plain(timed),
        *(_performer(each, resource, record) for each in _actors(resource)),
        classCode="PROC",
        moodCode="EVN",
    )


def visit(resource: Json, row: str, record: Record) -> Element | None:
    """An Encounter."""
    if text_of(resource, "status") in ("entered-in-error", "cancelled", "planned"):
        return None
    period = as_object(resource.get("period"))
    start, end = text_of(period, "start"), text_of(period, "end")
    met = [as_object(each.get("individual")) for each in as_objects(resource.get("participant"))]
    return element(
        "encounter",
        *templates("4.49", "2015-08-01"),
        identifier(resource),
        coded("code", _kind(resource), prefer=CPT, row=row),
        said_in(row),
        _plain(span("effectiveTime", start, end)),
        *(_performer(each, resource, record) for each in met),
        classCode="ENC",
        moodCode="EVN",
    )


def team(resource: Json, row: str, record: Record) -> Element | None:
    """A CareTeam: an organizer of those who are people and known."""
    members = list(_members(resource, record))
    if not members:
        return None
    days = as_object(resource.get("period"))
    return element(
        "organizer",
        *(each for day in TEAM for each in newer_template("4.500", day)),
        identifier(resource),
        loinc("code", "86744-0", "Care team", element("originalText", text=_named(resource))),
        status("active" if text_of(resource, "status") in ("active", "") else "completed"),
        _plain(span("effectiveTime", text_of(days, "start"), text_of(days, "end"))),
        *(element("component", each) for each in members),
        classCode="CLUSTER",
        moodCode="EVN",
    )


def planned(resource: Json, row: str, record: Record) -> Element | None:
    """A ServiceRequest or CarePlan as a planned act."""
    concept = resource.get("code") or first(resource.get("category"))
    start, end = when(resource, "occurrence")
    days = as_object(resource.get("period"))
    start, end = start or text_of(days, "start"), end or text_of(days, "end")
    return element(
        "act",
        *templates("4.39", "2014-06-09"),
        identifier(resource),
        coded("code", concept, row=row),
        said_in(row),
        status("active"),
        _plain(span("effectiveTime", start, end)) if start else None,
        classCode="ACT",
        moodCode="RQO" if resource.get("resourceType") == "ServiceRequest" else "INT",
    )


def goal(resource: Json, row: str, record: Record) -> Element | None:
    """A Goal."""
    detail = first(resource.get("target"))
    value = value_of(
        {f"value{name[6:]}": each for name, each in detail.items() if name[:6] == "detail"}
    )
    start = text_of(resource, "startDate")
    return element(
        "observation",
        element("templateId", root="2.16.840.1.113883.10.20.22.4.121"),
        identifier(resource),
        coded("code", resource.get("description"), row=row),
        said_in(row),
        status("active"),
        at("effectiveTime", start) if start else None,
        value if any(name[:6] == "detail" for name in detail) else None,
        classCode="OBS",
        moodCode="GOL",
    )


def _plain(made: Element) -> Element:
    """Without the data type, which only `value` and times with several kinds must say."""
    made.attrib.pop(f"{{{XSI}}}type", "")
    return made


def _kind(resource: Json) -> object:
    """The kind of visit; where none is written, its class (ambulatory, virtual…)."""
    if words(first(resource.get("type"))):
        return first(resource.get("type"))
    return {"coding": [as_object(resource.get("class"))]}


def _actors(resource: Json) -> Iterator[Json]:
    for each in as_objects(resource.get("performer")):
        yield as_object(each.get("actor"))


def _somebody(reference: Json, resource: Json, record: Record) -> Json:
    """The practitioner that a reference names, by way of a role too; else nothing."""
    found = record.referred(reference, resource)
    if found.get("resourceType") == "PractitionerRole":
        found = record.referred(found.get("practitioner"), found)
    return found if found.get("resourceType") in PEOPLE or text_of(found, "display") else {}


def _performer(reference: Json, resource: Json, record: Record) -> Element | None:
    found = _somebody(reference, resource, record)
    return element("performer", person(found)) if found else None


def _members(resource: Json, record: Record) -> Iterator[Element]:
    for number, each in enumerate(as_objects(resource.get("participant"))):
        found = _somebody(as_object(each.get("member")), resource, record)
        if found and not text_of(as_object(each.get("member")), "reference").startswith(
            ("Patient/", "Organization/")
        ):
            yield _member(resource, found, number)


def _member(resource: Json, found: Json, number: int) -> Element:
    return element(
        "act",
        *(each for day in TEAM for each in newer_template("4.500.1", day)),
        identifier(resource, f"member {number}"),
        loinc("code", "85847-2", "Patient Care team information"),
        status("active"),
        element("effectiveTime", at("low", text_of(as_object(resource.get("period")), "start"))),
        element("performer", person(found)),
        classCode="PCPR",
        moodCode="EVN",
    )


def _named(resource: Json) -> str:
    return text_of(resource, "name") or called(resource) or "Care team"
