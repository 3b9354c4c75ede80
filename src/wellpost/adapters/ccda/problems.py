"""Conditions and allergies: each a concern, with what was observed inside."""

from __future__ import annotations

from wellpost.adapters.ccda.codes import code_in, coded, words
from wellpost.adapters.ccda.elements import (
    ACT_CLASS,
    ACT_CODE,
    Element,
    element,
    identifier,
    loinc,
    said_in,
    snomed,
    status,
    templates,
    typed,
)
from wellpost.adapters.ccda.elements import SNOMED as SNOMED_CT
from wellpost.adapters.ccda.record import Record
from wellpost.adapters.ccda.times import at, span, when
from wellpost.adapters.fhir.elements import Json, as_object, as_objects, codes_of, text_of

ENDED = {"inactive", "remission", "resolved"}
NO_KNOWN_ALLERGY = {"716186003", "409137002", "428607008", "429625007"}
CRITICALITY = {
    "low": ("CRITL", "low criticality"),
    "high": ("CRITH", "high criticality"),
    "unable-to-assess": ("CRITU", "unable to assess criticality"),
}
KINDS = {
    ("allergy", "food"): ("414285001", "Allergy to food"),
    ("allergy", "medication"): ("416098002", "Allergy to drug"),
    ("allergy", ""): ("419199007", "Allergy to substance"),
    ("intolerance", "food"): ("235719002", "Intolerance to food"),
    ("intolerance", "medication"): ("59037007", "Intolerance to drug"),
    ("", "food"): ("418471000", "Propensity to adverse reactions to food"),
    ("", "medication"): ("419511003", "Propensity to adverse reactions to drug"),
    ("", ""): ("420134006", "Propensity to adverse reactions"),
}


def problem(resource: Json, row: str, record: Record) -> Element | None:
    """A Condition as a Problem Concern Act."""
    start, _ = when(resource, "onset")
    _, end = when(resource, "abatement")
    ended = _ended(resource) or bool(end)
    observed = element(
        "observation",
        *templates("4.4", "2015-08-01"),
        identifier(resource, "problem"),
        snomed("code", "64572001", "Condition", loinc("translation", "75323-6", "Condition")),
        said_in(row),
        status("completed"),
        span("effectiveTime", start, end, ended=ended),
        coded("value", resource.get("code"), prefer=SNOMED_CT, kind="CD", row=row),
        classCode="OBS",
        moodCode="EVN",
    )
    if _refuted(resource):
        observed.set("negationInd", "true")
    return _concern("4.3", resource, observed, (_noted(resource) or start, end), ended=ended)


def allergy(resource: Json, row: str, record: Record) -> Element | None:
    """An AllergyIntolerance as an Allergy Concern Act."""
    start, _ = when(resource, "onset")
    ended = _ended(resource)
    observed = element(
        "observation",
        *templates("4.7", "2014-06-09"),
        identifier(resource, "allergy"),
        element("code", code="ASSERTION", codeSystem=ACT_CODE),
        said_in(row),
        status("completed"),
        span("effectiveTime", start, "", ended=ended),
        _kind(resource),
        _allergen(resource, row),
        *(_reaction(resource, each, row, n) for n, each in enumerate(_reactions(resource))),
        _criticality(resource),
        classCode="OBS",
        moodCode="EVN",
    )
    if _refuted(resource) or _none_known(resource):
        observed.set("negationInd", "true")
    return _concern("4.30", resource, observed, (_noted(resource) or start, ""), ended=ended)


def _concern(
    template: str, resource: Json, observed: Element, days: tuple[str, str], *, ended: bool
) -> Element:
    """The act that says since when somebody has been concerned with it."""
    return element(
        "act",
        *templates(template, "2015-08-01"),
        identifier(resource),
        element("code", code="CONC", codeSystem=ACT_CLASS, displayName="Concern"),
        status("completed" if ended else "active"),
        span("effectiveTime", *days, ended=ended),
        element("entryRelationship", observed, typeCode="SUBJ"),
        classCode="ACT",
        moodCode="EVN",
    )


def _noted(resource: Json) -> str:
    return text_of(resource, "recordedDate")


def _ended(resource: Json) -> bool:
    return any(each.code in ENDED for each in codes_of([resource.get("clinicalStatus")]))


def _refuted(resource: Json) -> bool:
    return any(each.code == "refuted" for each in codes_of([resource.get("verificationStatus")]))


def _none_known(resource: Json) -> bool:
    return code_in(as_object(resource.get("code")), SNOMED_CT) in NO_KNOWN_ALLERGY


def _kind(resource: Json) -> Element:
    """What kind of allergy or intolerance; where that is not said, the wider word."""
    categories = resource.get("category")
    category = str(categories[0]) if isinstance(categories, list) and categories else ""
    sort = text_of(resource, "type")
    code, display = KINDS.get((sort, category)) or KINDS.get((sort, "")) or KINDS["", ""]
    return typed("value", "CD", code=code, codeSystem=SNOMED_CT, displayName=display)


def _allergen(resource: Json, row: str) -> Element:
    """The substance; for a patient known to have no allergy there is none."""
    if _none_known(resource):
        substance = element("code", nullFlavor="NA")
    else:
        substance = coded("code", resource.get("code"), row=row)
    entity = element("playingEntity", substance, classCode="MMAT")
    role = element("participantRole", entity, classCode="MANU")
    return element("participant", role, typeCode="CSM")


def _reactions(resource: Json) -> list[Json]:
    return [
        as_object(shown)
        for reaction in as_objects(resource.get("reaction"))
        for shown in as_objects(reaction.get("manifestation"))
        if words(shown)
    ]


def _reaction(resource: Json, shown: Json, row: str, number: int) -> Element:
    observed = element(
        "observation",
        *templates("4.9", "2014-06-09"),
        identifier(resource, f"reaction {number}"),
        element("code", code="ASSERTION", codeSystem=ACT_CODE),
        said_in(row),
        status("completed"),
        element("effectiveTime", at("low", "")),
        coded("value", shown, prefer=SNOMED_CT, kind="CD"),
        classCode="OBS",
        moodCode="EVN",
    )
    return element("entryRelationship", observed, typeCode="MFST", inversionInd="true")


def _criticality(resource: Json) -> Element | None:
    code, display = CRITICALITY.get(text_of(resource, "criticality"), ("", ""))
    if not code:
        return None
    scale = "2.16.840.1.113883.5.1063"
    value = typed("value", "CD", code=code, codeSystem=scale, displayName=display)
    observed = element(
        "observation",
        element("templateId", root="2.16.840.1.113883.10.20.22.4.145"),
        loinc("code", "82606-5", "Criticality"),
        status("completed"),
        value,
        classCode="OBS",
        moodCode="EVN",
    )
    return element("entryRelationship", observed, typeCode="SUBJ", inversionInd="true")
