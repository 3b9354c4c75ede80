"""What FHIR's codes mean for the facts: every choice of the mapping, with its reason, in one place.

`docs/reference/fhir-mapping.md` is made from it: `python -m wellpost.cli.reference`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from wellpost.adapters.fhir.datatypes import Code, Identifier, Reference
from wellpost.adapters.fhir.resources import (
    Communication,
    Document,
    Encounter,
    Event,
    Observation,
    Organization,
    Practitioner,
)

Kind: TypeAlias = Literal["office_visit", "telehealth", "other"]
SentBy: TypeAlias = Literal["clinician", "staff", "automated", "patient", "representative"]
SentTo: TypeAlias = Literal["patient", "representative", "clinician"]
Use: TypeAlias = Literal["view", "download", "transmit", "api"]

# --- identifiers -------------------------------------------------------------------------------

NPI_SYSTEMS = frozenset(
    {"http://hl7.org/fhir/sid/us-npi", "urn:oid:2.16.840.1.113883.4.6", "2.16.840.1.113883.4.6"}
)
TIN_SYSTEMS = frozenset(
    {"urn:oid:2.16.840.1.113883.4.4", "2.16.840.1.113883.4.4", "http://hl7.org/fhir/sid/us-ein"}
)


def written_npi(practitioner: Practitioner) -> str:
    """The NPI a practitioner carries, as written and unchecked; empty when there is none."""
    return _first(practitioner.identifiers, NPI_SYSTEMS, "NPI")


def written_tin(organization: Organization) -> str:
    """The TIN an organization carries without its hyphen, unchecked; empty when there is none."""
    return _first(organization.identifiers, TIN_SYSTEMS, "TAX").replace("-", "")


def _first(identifiers: tuple[Identifier, ...], systems: frozenset[str], code: str) -> str:
    by_system = (one.value for one in identifiers if one.system in systems)
    by_type = (one.value for one in identifiers if one.type_code == code)
    return next(by_system, next(by_type, ""))


# --- subjects ----------------------------------------------------------------------------------

NO_ONE_PATIENT: Mapping[str, frozenset[str]] = {
    "Encounter": frozenset({"Group"}),
    "Communication": frozenset({"Group"}),
    "Observation": frozenset({"Group", "Device", "Location"}),
    "DocumentReference": frozenset({"Group", "Device", "Practitioner"}),
}
"""By type, the subjects that R4 allows beside a Patient. A group is not taken apart: that a visit
of a group was one of each of its members is nowhere said."""


# --- encounters --------------------------------------------------------------------------------

SEEN = frozenset({"in-progress", "onleave", "finished"})
"""The statuses in which the patient has been seen. `arrived` and `triaged` have not met the
clinician yet; `unknown` does not say."""

CLASSES: Mapping[str, Kind] = {
    "AMB": "office_visit",
    "HH": "office_visit",  # a home visit is billable evaluation and management (CPT 99341-99350)
    "VR": "telehealth",
}
"""v3-ActCode classes; every other one (EMER, IMP, ACUTE, NONAC, OBSENC, SS, PRENC, FLD) is other:
no office visit, though the patient was seen."""

SNOMED = "http://snomed.info/sct"
TYPES: Mapping[Code, Kind] = {
    Code(SNOMED, "448337001"): "telehealth",  # telemedicine consultation with patient
    Code(SNOMED, "185317003"): "other",  # telephone encounter: billable only when billed (CPT)
    Code(SNOMED, "308646001"): "other",  # death certification
    Code(SNOMED, "33879002"): "other",  # administration of vaccine: no evaluation and management
    Code(SNOMED, "371883000"): "other",  # outpatient procedure
    Code(SNOMED, "32485007"): "other",  # hospital admission
    Code(SNOMED, "305336008"): "other",  # admission to hospice
}
"""Types that say more than the class does. They stand over the class AMB or HH, not over others."""

CPT_SYSTEMS = frozenset({"http://www.ama-assn.org/go/cpt", "urn:oid:2.16.840.1.113883.6.12"})
CPT_RANGES: tuple[tuple[int, int, Kind], ...] = (
    (99202, 99215, "office_visit"),  # office or other outpatient
    (99201, 99201, "office_visit"),  # the same, until 2020
    (99241, 99245, "office_visit"),  # outpatient consultations
    (99341, 99350, "office_visit"),  # home or residence
    (99381, 99397, "office_visit"),  # preventive medicine
    (99483, 99496, "office_visit"),  # cognitive assessment, transitional care
    (98000, 98016, "telehealth"),  # telemedicine, from 2025
    (99421, 99423, "telehealth"),  # online digital evaluation and management
    (99441, 99443, "telehealth"),  # telephone evaluation and management, until 2024
    (99217, 99239, "other"),  # observation and hospital
    (99281, 99292, "other"),  # emergency and critical care
)
"""A billing code says best what was billed: it stands over class and type, except class VR."""

PERFORMER_ROLES = ("PPRF", "ATND", "PRF", "SPRF", "CON")
"""Whose encounter it is when several took part: v3-ParticipationType, the first of these found.
A participant of no said role comes after them, in the order written."""


def kind_of(encounter: Encounter) -> Kind:
    """`office_visit`, `telehealth` or `other`. A class that is missing or unknown is `other`."""
    by_class = CLASSES.get(encounter.class_code, "other")
    billed = next((kind for code in encounter.types if (kind := _billed_as(code))), None)
    if by_class == "telehealth":
        return by_class
    if billed or by_class == "other":
        return billed or by_class
    return next((TYPES[code] for code in encounter.types if code in TYPES), by_class)


def _billed_as(code: Code) -> Kind | None:
    if code.system not in CPT_SYSTEMS or not code.code.isdigit():
        return None
    number = int(code.code)
    return next((kind for low, high, kind in CPT_RANGES if low <= number <= high), None)


PLANNED = frozenset({"booked", "pending", "arrived", "checked-in"})
"""Statuses of an appointment that is still to be; proposed and waitlisted ones have no day yet."""


def kind_planned(types: Iterable[Code]) -> Kind:
    """What the visit will be: as its service says, else at the office."""
    said = [CLASSES.get(each.code) or _billed_as(each) or TYPES.get(each) for each in types]
    return next((kind for kind in said if kind), "office_visit")


def rank_of(roles: frozenset[str]) -> int:
    """How near a participant of these roles is to being the encounter's clinician; 0 is nearest."""
    ranks = [rank for rank, role in enumerate(PERFORMER_ROLES) if role in roles]
    return min(ranks, default=len(PERFORMER_ROLES))


# --- messages ----------------------------------------------------------------------------------

TRANSMITTED = frozenset({"completed"})
"""`completed` means transmitted; `in-progress` is not yet, `entered-in-error` was retracted."""

NO_SECURE_MESSAGE = frozenset(
    {
        *("DICTATE", "FACE", "FAXVOC", "FAXWRIT", "EMAILWRIT", "HANDWRIT", "MAILWRIT", "PHONE"),
        *("PHYSICAL", "REMOTE", "SMSWRIT", "TELECOM", "TYPEWRIT", "VERBAL", "VIDEOCONF", "VOICE"),
    }
)
"""v3-ParticipationMode codes of media that anybody beside the parties may reach, or that are not
written. No medium, WRITTEN, ELECTRONIC and ONLINEWRIT are taken as the portal's own messages."""

PATIENT_SIDE: Mapping[str, Literal["patient", "representative"]] = {
    "Patient": "patient",
    "RelatedPerson": "representative",
}
CARE_SIDE = frozenset(
    {"Practitioner", "PractitionerRole", "Organization", "CareTeam", "HealthcareService"}
)


def has_insecure_medium(communication: Communication) -> bool:
    """Whether it went by a medium that is no secure message."""
    return any(code in NO_SECURE_MESSAGE for code in communication.media)


def is_thread(communication: Communication) -> bool:
    """A thread is a Communication with nothing in it that is part of none."""
    return not communication.has_payload and not communication.part_of


# --- data from the patient ---------------------------------------------------------------------

OBSERVED = frozenset({"registered", "preliminary", "final", "amended", "corrected"})


DOCUMENTED = frozenset({"current", "superseded"})
"""A document that a newer one replaced came from the patient all the same."""


def patient_had_a_hand(one: Observation | Document) -> bool:
    """Whether a patient, a relative or a device stands beside it at all.

    A device alone is not enough to be the patient's: whose it is is asked when all is read.
    """
    performers = {who.type for who in one.performers}
    return bool(performers & PATIENT_SIDE.keys()) or one.device != Reference()


# --- uses of the portal ------------------------------------------------------------------------

SUCCEEDED = frozenset({"0", ""})
"""AuditEvent.outcome: 0 is success; 4, 8 and 12 are failures. Without one nothing failed."""

USES: Mapping[str, Use] = {
    "110106": "download",  # DICOM: Export, data left the system
    "transmit": "transmit",  # ISO 21089
    "disclose": "transmit",  # ISO 21089: given to somebody else
    "extract": "download",  # ISO 21089
    "report": "download",  # ISO 21089: output as a report
    "access": "view",  # ISO 21089
    "view": "view",  # the fact's own words, where an exporter uses them
    "download": "download",
    "api": "api",
    "record_read": "view",  # Wellpost's own deeds
    "record_downloaded": "download",
    "record_sent": "transmit",
    "record_read_by_app": "api",
}
"""What codes of AuditEvent.subtype and type say was done. They stand over READING."""

READING: Mapping[str, Use] = {
    "rest": "api",  # a RESTful operation: an application asked
    "110110": "view",  # DICOM: Patient Record
    "110103": "view",  # DICOM: Instances Accessed
    "110112": "view",  # DICOM: Query
}
"""Codes that say what was touched: a use only with one of the actions READ."""

READ = frozenset({"R", "E", ""})
"""AuditEvent.action: reading, executing (a search), or not said. What creates, updates or deletes
(a message of the patient's, say) is no use of information."""


def patient_acted(event: Event) -> bool:
    """Whether the patient or a representative asked for it: the clinic's own use never counts."""
    return event.acting.type in PATIENT_SIDE


def use_of(codes: Iterable[str], action: str) -> Use | None:
    """What was done with the patient's information; None when nothing that counts as a use."""
    said = list(codes)
    use = next((USES[code] for code in said if code in USES), None)
    if use or action not in READ:
        return use
    return next((READING[code] for code in said if code in READING), None)


# --- reasons -----------------------------------------------------------------------------------

REASONS: Mapping[str, str] = {
    "ambiguous_patient": "its patient fits several records and no name decides",
    "ambiguous_practitioner": "its practitioner fits several records and no name decides",
    "ambiguous_organization": "its organization fits several records and no name decides",
    "broken_line": "the line is no FHIR resource",
    "invalid_npi": "its practitioner's NPI fails the check digit",
    "invalid_tin": "its organization's TIN has not nine digits",
    "no_day": "its time names no calendar day",
    "no_organization": "it names no organization and the practitioner's roles do not decide one",
    "no_use": "it tells of no view, download, transmission or use of an API",
    "no_patient": "it names no patient",
    "no_participant": "it names no practitioner",
    "no_recipient": "it names nobody it was sent to",
    "no_sender": "it names nobody who sent it",
    "no_one_patient": "its subject is a group, a place, a device or a clinician, as FHIR allows, "
    "and so no one patient",
    "no_subject": "its subject is missing, or is no reference",
    "not_between_patient_and_practice": "neither a patient nor a practice takes part in it",
    "not_from_the_patient": "neither the patient, a relative nor the patient's device made it",
    "not_a_secure_message": "it went by telephone, letter, fax, email or another open medium",
    "not_planned": "no longer planned, or not yet",
    "not_successful": "its outcome says that it failed",
    "not_seen": "its status says that the patient was not seen",
    "not_transmitted": "its status says that it was not sent, or was retracted",
    "not_valid": "its status says that it does not stand",
    "organization_without_tin": "its organization has no TIN, and none above it has",
    "practitioner_without_npi": "its practitioner has no NPI",
    "done_by_the_clinic": "the clinic itself did it, which never counts",
    "recorded_by_the_clinic": "the clinic itself recorded it",
    "role_not_active": "the role is no longer in force",
    "repeated": "a resource of the same id comes again further on, and stands",
    "repeated_for_another": "a resource of the same id, but of another patient or of none, "
    "comes again further on, and stands",
    "replaced": "the record was merged into another one",
    "supports_no_fact": "no role and no encounter puts it in a practice",
    "thread_itself": "it is a thread; its messages are counted",
    "type_not_taken": "no measure counts resources of this type",
    "unknown_organization": "its organization is not in the folder",
    "unknown_patient": "its patient is not in the folder",
    "unknown_practitioner": "its practitioner is not in the folder",
}
"""Why a resource did not become a fact, in words."""

FAULTS = frozenset(
    {
        *("ambiguous_patient", "ambiguous_practitioner", "ambiguous_organization"),
        *("unknown_patient", "unknown_practitioner", "unknown_organization"),
        *("broken_line", "invalid_npi", "invalid_tin"),
        *("no_day", "no_subject", "repeated_for_another"),
    }
)
"""The reasons that say that something is wrong; each other one, that there is no evidence in it."""
