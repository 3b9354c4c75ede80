"""The US Realm header: what the document is, of whom, made by what, kept by which practice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from wellpost import __version__
from wellpost.adapters.ccda.elements import CCDA, LOINC, Element, element, newer_template
from wellpost.adapters.ccda.patient import patient_role
from wellpost.adapters.ccda.people import called, person, unknown
from wellpost.adapters.ccda.record import Record
from wellpost.adapters.ccda.times import moment
from wellpost.adapters.fhir.elements import Json, as_object, as_objects, text_of

TITLE = "Summary of the health record"
SOFTWARE = f"Wellpost {__version__}"


def header(record: Record) -> Iterator[Element]:
    """Everything before the body, in the order of the CDA schema."""
    yield from _what(record)
    yield element("recordTarget", patient_role(record.patient))
    yield _author(record)
    yield _custodian(record)
    yield _care(record)


def written_at(moment_of: datetime) -> str:
    """A moment of ours as CDA writes it."""
    return moment(moment_of.isoformat(timespec="seconds")) or ""


def _what(record: Record) -> Iterator[Element]:
    yield element("realmCode", code="US")
    yield element("typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    for number in ("1.1", "1.2"):
        yield element("templateId", root=f"{CCDA}.{number}")
        yield from newer_template(number, "2015-08-01")
    yield element("id", root=str(_document(record)))
    what = "Summarization of Episode Note"
    yield element("code", code="34133-9", codeSystem=LOINC, displayName=what)
    yield element("title", text=f"{TITLE}: {called(record.patient)}")
    yield element("effectiveTime", value=written_at(record.given.at))
    yield element("confidentialityCode", code="N", codeSystem="2.16.840.1.113883.5.25")
    yield element("languageCode", code="en-US")


def _document(record: Record) -> UUID:
    """The same patient, days and moment give the same id."""
    given = record.given
    named = f"{text_of(record.patient, 'id')}/{given.start}/{given.end}/{given.at.isoformat()}"
    return uuid5(NAMESPACE_URL, f"urn:wellpost/ccd/{named}")


def _author(record: Record) -> Element:
    """The software, for the practice (CONF:1198-8456)."""
    device = element(
        "assignedAuthoringDevice",
        element("manufacturerModelName", text=SOFTWARE),
        element("softwareName", text=SOFTWARE),
    )
    assigned = element(
        "assignedAuthor",
        element("id", nullFlavor="NA"),
        unknown("addr"),
        _telephone(record),
        device,
        _practice(record, "representedOrganization"),
    )
    return element("author", element("time", value=written_at(record.given.at)), assigned)


def _custodian(record: Record) -> Element:
    keeper = _practice(record, "representedCustodianOrganization")
    return element("custodian", element("assignedCustodian", keeper))


def _practice(record: Record, name: str) -> Element:
    return element(
        name,
        element("id", root=record.keeper.id),
        element("name", text=record.keeper.name),
        _telephone(record),
        unknown("addr"),
    )


def _telephone(record: Record) -> Element:
    digits = "".join(record.keeper.phone.split())
    return element("telecom", value=f"tel:{digits}", use="WP") if digits else unknown("telecom")


def _care(record: Record) -> Element:
    """The days that the document covers, and the clinicians of the care team."""
    performers = [
        element("performer", person(each), typeCode="PRF") for each in _clinicians(record)
    ]
    span = element("effectiveTime", _start(record), _end(record))
    return element("documentationOf", element("serviceEvent", span, *performers, classCode="PCPR"))


def _start(record: Record) -> Element:
    if record.given.start:
        return element("low", value=f"{record.given.start:%Y%m%d}")
    born = moment(text_of(record.patient, "birthDate"))
    return element("low", value=born) if born else element("low", nullFlavor="UNK")


def _end(record: Record) -> Element:
    """The last day asked for, or when the document was made."""
    end = record.given.end
    return element("high", value=f"{end:%Y%m%d}" if end else written_at(record.given.at))


def _clinicians(record: Record) -> Iterator[Json]:
    seen: set[str] = set()
    for team in record.all("CareTeam"):
        for member in as_objects(team.get("participant")):
            found = record.referred(as_object(member.get("member")))
            if found.get("resourceType") == "Practitioner" and text_of(found, "id") not in seen:
                seen.add(text_of(found, "id"))
                yield found
