"""What each kind of resource can be searched by: the search parameters of US Core 6.1 and 7.0.

US Core's own ones, its SHALL and SHOULD, with a few of FHIR R4 that clients ask for. `_id` and
`_lastUpdated` are columns of the resource and stand in no table here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """One search parameter: its kind, and the elements it looks at (a dot goes inside).

    `kind` is FHIR's (token, reference, date, string, uri) or `code`: a token whose system is
    implied by the element; or `patient`: whose record it is, which the resource's own row says.
    `targets` are the types that a reference may lead to; none: any.
    """

    kind: str
    paths: tuple[str, ...]
    targets: tuple[str, ...] = ()


def _of(kind: str, *paths: str) -> Parameter:
    return Parameter(kind, paths)


def _to(target: str, *paths: str) -> Parameter:
    return Parameter("reference", paths, (target,) if target else ())


_WHOSE = Parameter("patient", ())
_SUBJECT = {"patient": _WHOSE, "subject": _WHOSE}
_PATIENT = {"patient": _WHOSE}
_IDENTIFIER = {"identifier": _of("token", "identifier")}
_STATUS = {"status": _of("code", "status")}
_CODE = {"code": _of("token", "code")}
_CATEGORY = {"category": _of("token", "category")}
_TYPE = {"type": _of("token", "type")}
_ENCOUNTER = {"encounter": _to("Encounter", "encounter")}
_GENDER = {"gender": _of("code", "gender")}
_BIRTH = {"birthdate": _of("date", "birthDate")}
_NAME_PARTS = ("name.family", "name.given", "name.prefix", "name.suffix", "name.text")
_PERSON = {
    "name": _of("string", *_NAME_PARTS),
    "family": _of("string", "name.family"),
    "given": _of("string", "name.given"),
    "telecom": _of("token", "telecom"),
}
_PLACE = {
    "name": _of("string", "name", "alias"),
    "address": _of(
        "string",
        *(f"address.{each}" for each in ("line", "city", "state", "postalCode", "text", "country")),
    ),
    "address-city": _of("string", "address.city"),
    "address-state": _of("string", "address.state"),
    "address-postalcode": _of("string", "address.postalCode"),
}
_EFFECTIVE = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming.event")
_ASSERTED_DATE = (
    "extension[http://hl7.org/fhir/StructureDefinition/condition-assertedDate].valueDateTime"
)

PARAMETERS: Mapping[str, Mapping[str, Parameter]] = {
    "AllergyIntolerance": _PATIENT
    | _IDENTIFIER
    | _CODE
    | {
        "clinical-status": _of("token", "clinicalStatus"),
        "verification-status": _of("token", "verificationStatus"),
        "category": _of("code", "category"),
        "date": _of("date", "recordedDate"),
    },
    "CarePlan": _SUBJECT
    | _IDENTIFIER
    | _CATEGORY
    | _STATUS
    | _ENCOUNTER
    | {"date": _of("date", "period"), "intent": _of("code", "intent")},
    "CareTeam": _SUBJECT
    | _IDENTIFIER
    | _STATUS
    | _CATEGORY
    | {
        "role": _of("token", "participant.role"),
        "participant": _to("", "participant.member"),
        "date": _of("date", "period"),
    },
    "Condition": _SUBJECT
    | _IDENTIFIER
    | _CATEGORY
    | _CODE
    | _ENCOUNTER
    | {
        "clinical-status": _of("token", "clinicalStatus"),
        "verification-status": _of("token", "verificationStatus"),
        "onset-date": _of("date", "onsetDateTime", "onsetPeriod"),
        "abatement-date": _of("date", "abatementDateTime", "abatementPeriod"),
        "recorded-date": _of("date", "recordedDate"),
        "asserted-date": _of("date", _ASSERTED_DATE),
    },
    "Coverage": _IDENTIFIER | _STATUS | _TYPE | {"patient": _WHOSE, "beneficiary": _WHOSE},
    "Device": _PATIENT | _IDENTIFIER | _STATUS | _TYPE,
    "DiagnosticReport": _SUBJECT
    | _IDENTIFIER
    | _CATEGORY
    | _CODE
    | _STATUS
    | _ENCOUNTER
    | {
        "date": _of("date", "effectiveDateTime", "effectivePeriod"),
        "issued": _of("date", "issued"),
        "result": _to("Observation", "result"),
    },
    "DocumentReference": _SUBJECT
    | _CATEGORY
    | _STATUS
    | _TYPE
    | {
        "identifier": _of("token", "masterIdentifier", "identifier"),
        "date": _of("date", "date"),
        "period": _of("date", "context.period"),
        "encounter": _to("Encounter", "context.encounter"),
    },
    "Encounter": _SUBJECT
    | _IDENTIFIER
    | _STATUS
    | _TYPE
    | {
        "class": _of("token", "class"),
        "date": _of("date", "period"),
        "discharge-disposition": _of("token", "hospitalization.dischargeDisposition"),
        "location": _to("Location", "location.location"),
        "participant": _to("", "participant.individual"),
    },
    "Goal": _SUBJECT
    | _IDENTIFIER
    | _CATEGORY
    | {
        "lifecycle-status": _of("code", "lifecycleStatus"),
        "description": _of("token", "description"),
        "start-date": _of("date", "startDate"),
        "target-date": _of("date", "target.dueDate"),
    },
    "Immunization": _PATIENT
    | _IDENTIFIER
    | _STATUS
    | {"date": _of("date", "occurrenceDateTime"), "vaccine-code": _of("token", "vaccineCode")},
    "Location": _IDENTIFIER | _STATUS | _TYPE | _PLACE,
    "Medication": _IDENTIFIER | _CODE | _STATUS,
    "MedicationDispense": _SUBJECT
    | _IDENTIFIER
    | _STATUS
    | _TYPE
    | {
        "code": _of("token", "medicationCodeableConcept"),
        "medication": _to("Medication", "medicationReference"),
        "whenhandedover": _of("date", "whenHandedOver"),
        "whenprepared": _of("date", "whenPrepared"),
    },
    "MedicationRequest": _SUBJECT
    | _IDENTIFIER
    | _STATUS
    | _CATEGORY
    | _ENCOUNTER
    | {
        "intent": _of("code", "intent"),
        "authoredon": _of("date", "authoredOn"),
        "code": _of("token", "medicationCodeableConcept"),
        "medication": _to("Medication", "medicationReference"),
    },
    "Observation": _SUBJECT
    | _IDENTIFIER
    | _CATEGORY
    | _CODE
    | _STATUS
    | _ENCOUNTER
    | {"date": _of("date", *_EFFECTIVE)},
    "Organization": _IDENTIFIER | _TYPE | _PLACE,
    "Patient": _IDENTIFIER
    | _PERSON
    | _GENDER
    | _BIRTH
    | {"death-date": _of("date", "deceasedDateTime")},
    "Practitioner": _IDENTIFIER | _PERSON | _GENDER,
    "PractitionerRole": _IDENTIFIER
    | {
        "practitioner": _to("Practitioner", "practitioner"),
        "organization": _to("Organization", "organization"),
        "location": _to("Location", "location"),
        "role": _of("token", "code"),
        "specialty": _of("token", "specialty"),
    },
    "Procedure": _SUBJECT
    | _IDENTIFIER
    | _CATEGORY
    | _CODE
    | _STATUS
    | _ENCOUNTER
    | {"date": _of("date", "performedDateTime", "performedPeriod")},
    "Provenance": {
        "patient": _WHOSE,
        "target": _to("", "target"),
        "recorded": _of("date", "recorded"),
        "agent": _to("", "agent.who"),
    },
    "Questionnaire": _IDENTIFIER | _STATUS | _CODE | {"url": _of("uri", "url")},
    "QuestionnaireResponse": _SUBJECT
    | _IDENTIFIER
    | _STATUS
    | _ENCOUNTER
    | {
        "authored": _of("date", "authored"),
        "questionnaire": _of("uri", "questionnaire"),
        "_tag": _of("token", "meta.tag"),
    },
    "RelatedPerson": _PATIENT
    | _IDENTIFIER
    | _PERSON
    | _GENDER
    | _BIRTH
    | {"active": _of("code", "active")},
    "ServiceRequest": _SUBJECT
    | _IDENTIFIER
    | _CATEGORY
    | _CODE
    | _STATUS
    | _ENCOUNTER
    | {"authored": _of("date", "authoredOn"), "intent": _of("code", "intent")},
    "Specimen": _SUBJECT | _IDENTIFIER | _STATUS | _TYPE,
}

SHARED = frozenset({"Location", "Medication", "Organization", "Practitioner", "PractitionerRole"})
"""Kinds that are of no one patient. Who sees a resource sees those of these it refers to."""
REFERS = "_refers"
"""By this every reference to a resource of a shared kind is kept, wherever it stands."""

OF_ANY_KIND: Mapping[str, Parameter] = {
    **_IDENTIFIER,
    **_STATUS,
    **_CODE,
    **_ENCOUNTER,
}
"""What a resource of another kind is kept by; the API does not search these kinds."""

OCCURRED: Mapping[str, tuple[str, ...]] = {
    "AllergyIntolerance": ("onsetDateTime", "onsetPeriod", "recordedDate", "lastOccurrence"),
    "CarePlan": ("period", "created"),
    "CareTeam": ("period",),
    "Condition": ("onsetDateTime", "onsetPeriod", "recordedDate", _ASSERTED_DATE),
    "Coverage": ("period",),
    "Device": ("manufactureDate",),
    "DiagnosticReport": ("effectiveDateTime", "effectivePeriod", "issued"),
    "DocumentReference": ("date", "context.period"),
    "Encounter": ("period",),
    "Goal": ("startDate", "statusDate"),
    "Immunization": ("occurrenceDateTime", "recorded"),
    "MedicationDispense": ("whenHandedOver", "whenPrepared"),
    "MedicationRequest": ("authoredOn",),
    "Observation": (*_EFFECTIVE, "issued"),
    "Procedure": ("performedDateTime", "performedPeriod"),
    "Provenance": ("recorded",),
    "QuestionnaireResponse": ("authored",),
    "ServiceRequest": ("occurrenceDateTime", "occurrencePeriod", "authoredOn"),
    "Specimen": ("collection.collectedDateTime", "collection.collectedPeriod", "receivedTime"),
}
"""Where a resource says when it happened, the best first."""

OCCURRED_ELSEWHERE = (
    "effectiveDateTime",
    "effectivePeriod",
    "occurrenceDateTime",
    "performedDateTime",
    "started",
    "period",
    "billablePeriod",
    "created",
    "authoredOn",
    "recorded",
    "date",
)


def parameters_of(kind: str) -> Mapping[str, Parameter]:
    """The parameters by which a resource of that kind is indexed."""
    return PARAMETERS.get(kind, OF_ANY_KIND)


def occurrence_of(kind: str) -> Iterable[str]:
    """The elements that may say when a resource of that kind happened, the best first."""
    return OCCURRED.get(kind, () if kind in PARAMETERS else OCCURRED_ELSEWHERE)
