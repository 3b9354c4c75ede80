"""Codes: FHIR names code systems by addresses, CDA by object identifiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wellpost.adapters.ccda.elements import XSI, Element, element
from wellpost.adapters.fhir.elements import Json, as_object, as_objects, text_of

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

SYSTEMS: Mapping[str, str] = {
    "http://snomed.info/sct": "2.16.840.1.113883.6.96",
    "http://loinc.org": "2.16.840.1.113883.6.1",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "2.16.840.1.113883.6.88",
    "http://hl7.org/fhir/sid/cvx": "2.16.840.1.113883.12.292",
    "http://hl7.org/fhir/sid/mvx": "2.16.840.1.113883.12.227",
    "http://hl7.org/fhir/sid/ndc": "2.16.840.1.113883.6.69",
    "http://hl7.org/fhir/sid/icd-10-cm": "2.16.840.1.113883.6.90",
    "http://hl7.org/fhir/sid/icd-9-cm": "2.16.840.1.113883.6.103",
    "http://www.cms.gov/Medicare/Coding/ICD10": "2.16.840.1.113883.6.4",
    "http://www.ama-assn.org/go/cpt": "2.16.840.1.113883.6.12",
    "http://www.ada.org/cdt": "2.16.840.1.113883.6.13",
    "http://fdasis.nlm.nih.gov": "2.16.840.1.113883.4.9",
    "http://nucc.org/provider-taxonomy": "2.16.840.1.113883.6.101",
    "http://unitsofmeasure.org": "2.16.840.1.113883.6.8",
    f"{TERMINOLOGY}/v3-ActCode": "2.16.840.1.113883.5.4",
    f"{TERMINOLOGY}/v3-RoleCode": "2.16.840.1.113883.5.111",
    f"{TERMINOLOGY}/v3-ObservationInterpretation": "2.16.840.1.113883.5.83",
    f"{TERMINOLOGY}/v3-RouteOfAdministration": "2.16.840.1.113883.5.112",
    f"{TERMINOLOGY}/v3-MaritalStatus": "2.16.840.1.113883.5.2",
    f"{TERMINOLOGY}/v3-NullFlavor": "2.16.840.1.113883.5.1008",
}


def system_of(coding: Json) -> str | None:
    """The object identifier of a coding's system, where there is one."""
    system = text_of(coding, "system")
    if system.startswith("urn:oid:"):
        return system.removeprefix("urn:oid:") or None
    return SYSTEMS.get(system)


def words(concept: Json) -> str:
    """What a concept is called: its own words, else those of a coding, else a code."""
    codings = list(as_objects(concept.get("coding")))
    named = (text_of(each, "display") for each in codings)
    coded = (text_of(each, "code") for each in codings)
    return text_of(concept, "text") or next(filter(None, [*named, *coded]), "")


def code_in(concept: Json, system: str) -> str | None:
    """The code that a concept has in the code system of this object identifier."""
    return next(
        (text_of(each, "code") for each in usable(concept) if system_of(each) == system), None
    )


def usable(concept: Json) -> Iterator[Json]:
    """The codings that CDA can say: of a known system, a code without blanks."""
    for each in as_objects(concept.get("coding")):
        code = text_of(each, "code")
        if code and not any(letter.isspace() for letter in code) and system_of(each):
            yield each


def coded(
    name: str,
    concept: object,
    *extra: Element,
    prefer: str = "",
    kind: str = "",
    row: str = "",
) -> Element:
    """A concept as a coded element: one coding, the others as translations, its words.

    `prefer` is the object identifier of the system that stands first; `kind` the data type for a
    `value`; `row` where the narrative says it. No usable coding: the null flavor `OTH` where there
    are words (another system, or none), else `UNK`.
    """
    given = as_object(concept)
    codings = sorted(usable(given), key=lambda each: system_of(each) != prefer)
    main, others = codings[:1], codings[1:]
    original = _original(words(given), row)
    translations = [element("translation", **_attributes(each)) for each in others]
    attributes = _attributes(main[0]) if main else {"nullFlavor": "OTH" if words(given) else "UNK"}
    made = element(name, original, *extra, *translations, **attributes)
    if kind:
        made.set(f"{{{XSI}}}type", kind)
    return made


def _attributes(coding: Json) -> dict[str, str | None]:
    return {
        "code": text_of(coding, "code"),
        "codeSystem": system_of(coding),
        "displayName": text_of(coding, "display") or None,
    }


def _original(text: str, row: str) -> Element | None:
    if row:
        return element("originalText", element("reference", value=f"#{row}n"))
    return element("originalText", text=text) if text else None
