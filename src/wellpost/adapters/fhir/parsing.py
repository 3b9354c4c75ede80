"""One FHIR resource (a dictionary from JSON) to one record of `records`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from wellpost.adapters.fhir.datatypes import Place, Reference
from wellpost.adapters.fhir.elements import (
    Json,
    as_object,
    as_objects,
    codes_of,
    contained_in,
    day_of,
    identifiers_of,
    reference,
    references,
    text_of,
)
from wellpost.adapters.fhir.resources import (
    Agent,
    Appointment,
    Communication,
    Device,
    Document,
    Encounter,
    Event,
    Observation,
    Organization,
    Participant,
    Patient,
    Practitioner,
    Provenance,
    RelatedPerson,
    Resource,
    Role,
)


def parse(resource: Json, place: Place) -> Resource | None:
    """The record of a resource; None for one of a kind that Wellpost does not take."""
    make = _MAKERS.get(resource["resourceType"])
    return make(resource, place) if make else None


def _best_name(resource: Json) -> Json:
    names = list(as_objects(resource.get("name")))
    official = (one for one in names if one.get("use") == "official")
    return next(official, names[0] if names else {})


def _given(name: Json) -> str:
    value = name.get("given")
    return " ".join(str(one) for one in value) if isinstance(value, list) else ""


def _whole_name(name: Json) -> str:
    prefixes = name.get("prefix")
    prefix = " ".join(map(str, prefixes)) if isinstance(prefixes, list) else ""
    pieces = (prefix, _given(name), text_of(name, "family"))
    return text_of(name, "text") or " ".join(piece for piece in pieces if piece)


def _telecom(resource: Json, system: str) -> str:
    points = as_objects(resource.get("telecom"))
    return next((text_of(one, "value") for one in points if one.get("system") == system), "")


def _address(resource: Json) -> tuple[str, ...]:
    first = next(iter(as_objects(resource.get("address"))), {})
    lines = first.get("line")
    town = " ".join(
        filter(None, (text_of(first, part) for part in ("city", "state", "postalCode")))
    )
    return tuple(filter(None, [*(map(str, lines) if isinstance(lines, list) else ()), town]))


def _survivor(resource: Json) -> Reference | None:
    links = as_objects(resource.get("link"))
    return next((reference(o.get("other")) for o in links if o.get("type") == "replaced-by"), None)


def _patient(resource: Json, place: Place) -> Patient:
    name = _best_name(resource)
    return Patient(
        id=resource["id"],
        place=place,
        identifiers=identifiers_of(resource),
        family=text_of(name, "family"),
        given=_given(name),
        birth_date=day_of(text_of(resource, "birthDate")),
        sex=text_of(resource, "gender"),
        email=_telecom(resource, "email"),
        phone=_telecom(resource, "phone"),
        address=_address(resource),
        replaced_by=_survivor(resource),
    )


def _practitioner(resource: Json, place: Place) -> Practitioner:
    name = _best_name(resource)
    return Practitioner(
        id=resource["id"],
        place=place,
        identifiers=identifiers_of(resource),
        family=text_of(name, "family"),
        given=_given(name),
        name=_whole_name(name),
    )


def _organization(resource: Json, place: Place) -> Organization:
    return Organization(
        id=resource["id"],
        place=place,
        identifiers=identifiers_of(resource),
        name=text_of(resource, "name"),
        part_of=reference(resource["partOf"]) if resource.get("partOf") else None,
    )


def _role(resource: Json, place: Place) -> Role:
    period = as_object(resource.get("period"))
    return Role(
        id=resource["id"],
        place=place,
        practitioner=reference(resource.get("practitioner")),
        organization=reference(resource.get("organization")),
        starts_on=day_of(text_of(period, "start")),
        ends_on=day_of(text_of(period, "end")),
        active=resource.get("active") is not False,
    )


def _related_person(resource: Json, place: Place) -> RelatedPerson:
    return RelatedPerson(resource["id"], place, reference(resource.get("patient")))


def _device(resource: Json, place: Place) -> Device:
    return Device(resource["id"], place, reference(resource.get("patient")))


def participants_of(value: object) -> tuple[Participant, ...]:
    """Who took part in an encounter; an element that names nobody is none."""
    return tuple(
        one for one in map(_participant, as_objects(value)) if one.individual != Reference()
    )


def _participant(value: Json) -> Participant:
    roles = frozenset(code.code for code in codes_of(value.get("type")))
    return Participant(reference(value.get("individual")), roles)


def _encounter(resource: Json, place: Place) -> Encounter:
    return Encounter(
        id=resource["id"],
        place=place,
        identifiers=identifiers_of(resource),
        status=text_of(resource, "status"),
        class_code=text_of(as_object(resource.get("class")), "code"),
        types=tuple(codes_of(resource.get("type"))),
        subject=reference(resource.get("subject")),
        participants=participants_of(resource.get("participant")),
        service_provider=reference(resource.get("serviceProvider")),
        start=text_of(as_object(resource.get("period")), "start"),
    )


def _texts(resource: Json) -> Iterator[str]:
    """What is written in a message; of a file that came with it, that it is missing here."""
    for payload in as_objects(resource.get("payload")):
        title = text_of(as_object(payload.get("contentAttachment")), "title")
        yield text_of(payload, "contentString") or f"[not taken over: {title or 'a file'}]"


def _communication(resource: Json, place: Place) -> Communication:
    inside = contained_in(resource)
    return Communication(
        id=resource["id"],
        place=place,
        status=text_of(resource, "status"),
        subject=reference(resource.get("subject"), inside),
        sender=reference(resource.get("sender"), inside),
        recipients=references(resource.get("recipient"), inside),
        part_of=references(resource.get("partOf"), inside),
        in_response_to=references(resource.get("inResponseTo"), inside),
        encounter=reference(resource.get("encounter")),
        media=tuple(code.code for code in codes_of(resource.get("medium"))),
        topic=text_of(as_object(resource.get("topic")), "text"),
        sent=text_of(resource, "sent"),
        received=text_of(resource, "received"),
        has_payload=any(True for _ in as_objects(resource.get("payload"))),
        text="\n\n".join(_texts(resource)),
    )


def _observation(resource: Json, place: Place) -> Observation:
    return Observation(
        id=resource["id"],
        place=place,
        status=text_of(resource, "status"),
        subject=reference(resource.get("subject")),
        performers=references(resource.get("performer")),
        device=reference(resource.get("device")),
        issued=text_of(resource, "issued") or text_of(resource, "effectiveDateTime"),
    )


def _document(resource: Json, place: Place) -> Document:
    authors = references(resource.get("author"))
    devices = (one for one in authors if one.type == "Device")
    return Document(
        id=resource["id"],
        place=place,
        status=text_of(resource, "status"),
        subject=reference(resource.get("subject")),
        performers=authors,
        device=next(devices, Reference()),
        issued=text_of(resource, "date"),
    )


def _event(resource: Json, place: Place) -> Event:
    agents = list(as_objects(resource.get("agent")))
    asking = next((one for one in agents if one.get("requestor") is True), None)
    entities = (reference(one.get("what")) for one in as_objects(resource.get("entity")))
    return Event(
        id=resource["id"],
        place=place,
        codes=event_codes(resource.get("subtype"), resource.get("type")),
        action=text_of(resource, "action"),
        outcome=text_of(resource, "outcome"),
        acting=reference((asking or next(iter(agents), {})).get("who")),
        observer=reference(as_object(resource.get("source")).get("observer")),
        entities=tuple(one for one in entities if one != Reference()),
        recorded=text_of(resource, "recorded"),
    )


def event_codes(subtypes: object, type_: object) -> tuple[str, ...]:
    """The codes that say what an AuditEvent was: of its subtypes, then of its type."""
    return tuple(text_of(one, "code") for one in (*as_objects(subtypes), as_object(type_)))


def agents_of(value: object) -> tuple[Agent, ...]:
    """Who did what a Provenance tells of."""
    return tuple(map(_agent, as_objects(value)))


def _agent(value: Json) -> Agent:
    return Agent(reference(value.get("who")), reference(value.get("onBehalfOf")))


def _provenance(resource: Json, place: Place) -> Provenance:
    return Provenance(
        id=resource["id"],
        place=place,
        targets=references(resource.get("target")),
        recorded=text_of(resource, "recorded"),
        agents=agents_of(resource.get("agent")),
    )


def _appointment(resource: Json, place: Place) -> Appointment:
    said = [*codes_of(resource.get("serviceType")), *codes_of(resource.get("appointmentType"))]
    return Appointment(
        id=resource["id"],
        place=place,
        status=text_of(resource, "status"),
        start=text_of(resource, "start"),
        actors=tuple(
            reference(each.get("actor")) for each in as_objects(resource.get("participant"))
        ),
        types=tuple(said),
    )


_MAKERS: Mapping[str, Callable[[Json, Place], Resource]] = {
    "Patient": _patient,
    "Practitioner": _practitioner,
    "Organization": _organization,
    "PractitionerRole": _role,
    "RelatedPerson": _related_person,
    "Device": _device,
    "Encounter": _encounter,
    "Communication": _communication,
    "Observation": _observation,
    "Provenance": _provenance,
    "Appointment": _appointment,
    "DocumentReference": _document,
    "AuditEvent": _event,
}
