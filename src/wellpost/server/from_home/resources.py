"""Data from home as FHIR R4: Observations, DocumentReferences, and who measured and took over."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from wellpost.server.people.models import Clinician

from .documents import PATIENT_NOTE, document_of
from .kinds import DOCUMENT, KINDS, NEEDS, NOTE, Kind, Part
from .models import HomeDatum
from .needs import Choice, Question, answered, screener
from .sealing import note_of, words_of

Json = dict[str, Any]

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
DOCUMENT_CATEGORIES = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category"
AGENTS = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
NPI = "http://hl7.org/fhir/sid/us-npi"
NO_VITAL_SIGN = {"pain": "survey", "steps": "activity", "sleep": "activity"}


@dataclass(frozen=True)
class Decision:
    """Who took data over into the record, when, and what they said of it."""

    clinician: Clinician
    at: datetime
    comment: str = ""


def resources_of(datum: HomeDatum, decision: Decision) -> list[Json]:
    """The resources a datum becomes, each with its id; the first stands for the whole."""
    if datum.kind in KINDS:
        return [_observation(datum, decision)]
    if datum.kind == NEEDS:
        return _needs(datum, decision)
    return [_document(datum, decision)]


def provenance_of(
    data: Sequence[HomeDatum], targets: Sequence[tuple[str, UUID]], decision: Decision
) -> Json:
    """Who measured and brought it, with what, and who took it over: of data brought alike."""
    one = data[0]
    agents = [_agent("author", _bringer(one))]
    if one.device:
        agents.append(_agent("assembler", {"display": one.device}))
    agents.append(_agent("verifier", _clinician(decision.clinician)))
    agents.append(_agent("custodian", {"display": one.practice.name}))
    return {
        "resourceType": "Provenance",
        "target": [{"reference": f"{kind}/{key}"} for kind, key in targets],
        "occurredDateTime": _written(one.received_at, one),
        "recorded": _written(decision.at, one),
        "agent": agents,
    }


def _observation(datum: HomeDatum, decision: Decision) -> Json:
    kind = KINDS[datum.kind]
    made = {
        **_common(datum, "Observation"),
        "status": "final",
        "category": [_coded(CATEGORIES, NO_VITAL_SIGN.get(kind.name, "vital-signs"))],
        "code": _code(kind),
        **_effective(datum),
        "issued": _written(datum.received_at, datum),
        "performer": [_bringer(datum)],
    }
    made |= _values(datum, kind)
    if datum.device:
        made["device"] = {"display": datum.device}
    notes = [*_as_entered(datum, kind), *_comment(datum, decision)]
    return made | ({"note": notes} if notes else {})


def _values(datum: HomeDatum, kind: Kind) -> Json:
    if len(kind.parts) == 1:
        return {"valueQuantity": _quantity(datum.value, kind)}
    numbers = zip(kind.parts, (datum.value, datum.second), strict=True)
    return {"component": [_component(part, value, kind) for part, value in numbers]}


def _component(part: Part, value: Decimal | None, kind: Kind) -> Json:
    return {
        "code": {"coding": [{"system": LOINC, "code": part.code}], "text": str(part.label)},
        "valueQuantity": _quantity(value, kind),
    }


def _quantity(value: Decimal | None, kind: Kind) -> Json:
    """In the kind's unit, with no more digits than a reading can have."""
    digits = round(value or Decimal(0), kind.decimals + 1).normalize()
    plain = digits.quantize(Decimal(1)) if digits == digits.to_integral_value() else digits
    unit = kind.unit
    return {"value": plain, "unit": str(unit.label), "system": UCUM, "code": unit.code}


def _code(kind: Kind) -> Json:
    both = ((kind.code, kind.display), *kind.coarser)
    coding = [{"system": LOINC, "code": code, "display": display} for code, display in both]
    return {"coding": coding, "text": str(kind.label)}


def _effective(datum: HomeDatum) -> Json:
    if datum.ended_at is None or datum.ended_at == datum.measured_at:
        return {"effectiveDateTime": _written(datum.measured_at, datum)}
    start, end = (_written(each, datum) for each in (datum.measured_at, datum.ended_at))
    return {"effectivePeriod": {"start": start, "end": end}}


def _as_entered(datum: HomeDatum, kind: Kind) -> list[Json]:
    """What was written, where it was in another unit."""
    if datum.entered_unit in ("", kind.unit.code):
        return []
    written = "/".join(each for each in (datum.entered, datum.entered_second) if each)
    return [{"text": f"Entered as {written} {datum.entered_unit}."}]


def _comment(datum: HomeDatum, decision: Decision) -> list[Json]:
    if not decision.comment:
        return []
    who = _clinician(decision.clinician)
    return [
        {"authorReference": who, "time": _written(decision.at, datum), "text": decision.comment}
    ]


def _needs(datum: HomeDatum, decision: Decision) -> list[Json]:
    """The panel, and an Observation for each answer, as US Core screens."""
    panel_of = screener()
    answers = [
        _answer(datum, question, choice)
        for question, choices in answered(datum.answers)
        for choice in choices
    ]
    panel = {
        **_common(datum, "Observation"),
        **_survey(datum, panel_of.code, panel_of.display),
        "hasMember": [{"reference": f"Observation/{each['id']}"} for each in answers],
    }
    comment = _comment(datum, decision)
    return [panel | ({"note": comment} if comment else {}), *answers]


def _answer(datum: HomeDatum, question: Question, choice: Choice) -> Json:
    return {
        **_common(datum, "Observation", f"{question.code} {choice.code}"),
        **_survey(datum, question.code, question.says),
        "valueCodeableConcept": {
            "coding": [{"system": LOINC, "code": choice.code, "display": choice.says}],
            "text": choice.says,
        },
    }


def _survey(datum: HomeDatum, code: str, says: str) -> Json:
    return {
        "status": "final",
        "category": [_coded(CATEGORIES, "survey"), _coded(CATEGORIES, "social-history")],
        "code": {"coding": [{"system": LOINC, "code": code, "display": says}], "text": says},
        **_effective(datum),
        "issued": _written(datum.received_at, datum),
        "performer": [_bringer(datum)],
    }


def _document(datum: HomeDatum, decision: Decision) -> Json:
    kind = PATIENT_NOTE if datum.kind == NOTE else document_of(datum.code)
    made = {
        **_common(datum, "DocumentReference"),
        "status": "current",
        "type": {
            "coding": [{"system": LOINC, "code": kind.code, "display": kind.display}],
            "text": str(kind.label if datum.kind == DOCUMENT else "Note from the patient"),
        },
        "category": [_coded(DOCUMENT_CATEGORIES, "clinical-note")],
        "date": _written(datum.received_at, datum),
        "author": [_bringer(datum)],
        "authenticator": _clinician(decision.clinician),
        "content": [{"attachment": _attachment(datum)}],
    }
    return made | ({"description": decision.comment} if decision.comment else {})


def _attachment(datum: HomeDatum) -> Json:
    """Words stand in the record itself; a file stays sealed, and is fetched as a Binary."""
    file = datum.file
    if file is None:
        return {}
    created = {"creation": _written(datum.measured_at, datum), "size": file.size}
    if datum.kind == NOTE:
        data = base64.b64encode(words_of(file).encode()).decode()
        return {"contentType": "text/plain; charset=utf-8", "data": data, **created}
    note = note_of(file)
    return {
        "contentType": note.type, "title": note.name, "url": f"Binary/{file.pk}", **created,
    }  # fmt: skip


def _common(datum: HomeDatum, kind: str, part: str = "") -> Json:
    return {
        "resourceType": kind,
        "id": str(uuid5(datum.pk, part or "resource")),
        "subject": {"reference": f"Patient/{datum.patient_id}"},
    }


def _bringer(datum: HomeDatum) -> Json:
    """The patient; or the representative, by name, who stands for no resource of ours."""
    if datum.representative is None:
        return {"reference": f"Patient/{datum.patient_id}"}
    who = datum.representative
    return {"type": "RelatedPerson", "display": f"{who.name} ({who.relationship})"}


def _clinician(clinician: Clinician) -> Json:
    return {
        "type": "Practitioner",
        "identifier": {"system": NPI, "value": clinician.npi},
        "display": clinician.name,
    }


def _agent(kind: str, who: Json) -> Json:
    return {"type": _coded(AGENTS, kind), "who": who}


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def _written(moment: datetime, datum: HomeDatum) -> str:
    """On the practice's clock, with its offset, to the second."""
    local = moment.astimezone(ZoneInfo(datum.practice.time_zone))
    return local.isoformat(timespec="seconds")
