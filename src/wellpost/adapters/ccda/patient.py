"""The patient of the document: names, addresses, and what US Core says of a person."""

from __future__ import annotations

from collections.abc import Iterator

from wellpost.adapters.ccda.codes import coded, system_of
from wellpost.adapters.ccda.elements import SDTC, Element, element, identifier
from wellpost.adapters.ccda.people import addresses, patient_name, place_id, telecoms, unknown
from wellpost.adapters.ccda.times import at
from wellpost.adapters.fhir.elements import Json, as_object, as_objects, text_of

US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"
CDC_RACE = "2.16.840.1.113883.6.238"
GENDER = "2.16.840.1.113883.5.1"
GENDERS = {"male": ("M", "Male"), "female": ("F", "Female"), "other": ("UN", "Undifferentiated")}


def patient_role(patient: Json) -> Element:
    """The `patientRole`: identifiers, where to be found, who it is."""
    own = identifier(patient) if text_of(patient, "id") else place_id("unknown patient")
    return element("patientRole", own, *addresses(patient), *telecoms(patient), _patient(patient))


def extension(resource: Json, address: str) -> Json:
    """The extension of that address; empty where there is none."""
    found = as_objects(resource.get("extension"))
    return next((each for each in found if each.get("url") == address), {})


def _patient(patient: Json) -> Element:
    races, ethnicities = _categories(patient, "race"), _categories(patient, "ethnicity")
    marital = as_object(patient.get("maritalStatus"))
    return element(
        "patient",
        patient_name(patient),
        _gender(patient),
        at("birthTime", text_of(patient, "birthDate")),
        coded("maritalStatusCode", marital, prefer="2.16.840.1.113883.5.2") if marital else None,
        _category("raceCode", races[:1]),
        *(_more("raceCode", each) for each in races[1:]),
        _category("ethnicGroupCode", ethnicities[:1]),
        *(_more("ethnicGroupCode", each) for each in ethnicities[1:]),
        *_languages(patient),
    )


def _gender(patient: Json) -> Element:
    code, display = GENDERS.get(text_of(patient, "gender"), ("", ""))
    if not code:
        return unknown("administrativeGenderCode")
    return element("administrativeGenderCode", code=code, codeSystem=GENDER, displayName=display)


def _categories(patient: Json, name: str) -> list[Json]:
    """The codes of race or ethnicity: first OMB's categories, then the detailed ones."""
    given = extension(patient, f"{US_CORE}/us-core-{name}")
    found = [
        (each.get("url"), as_object(each.get("valueCoding")))
        for each in as_objects(given.get("extension"))
    ]
    known = [(url, code) for url, code in found if code and system_of(code) == CDC_RACE]
    return [code for _, code in sorted(known, key=lambda each: each[0] != "ombCategory")]


def _category(name: str, codes: list[Json]) -> Element:
    if not codes:
        return unknown(name)
    code, display = text_of(codes[0], "code"), text_of(codes[0], "display") or None
    return element(name, code=code, codeSystem=CDC_RACE, displayName=display)


def _more(name: str, coding: Json) -> Element:
    """A further race: CDA has room for one, HL7's extension for the others."""
    made = element(name, code=text_of(coding, "code"), codeSystem=CDC_RACE)
    made.tag = f"{{{SDTC}}}{name}"
    return made


def _languages(patient: Json) -> Iterator[Element]:
    for each in as_objects(patient.get("communication")):
        codings = as_objects(as_object(each.get("language")).get("coding"))
        code = next((text_of(one, "code") for one in codings if text_of(one, "code")), "")
        if code:
            preferred = each.get("preferred")
            ind = element("preferenceInd", value=str(preferred).lower())
            known = ind if isinstance(preferred, bool) else None
            yield element("languageCommunication", element("languageCode", code=code), known)
