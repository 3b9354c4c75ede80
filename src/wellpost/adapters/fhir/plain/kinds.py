"""For each FHIR kind: what it is called by, which day it is of, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .marking import gettext_noop as _


@dataclass(frozen=True)
class Kind:
    """Paths into a resource. `title` and `on`: the first that is there; `facts`: label and path.

    `says` is said beside the title; `past` are codes at its first path with which the entry does
    not hold today. `called` is what one without any title is called.
    """

    called: str
    title: tuple[str, ...]
    on: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    says: tuple[str, ...] = ()
    past: frozenset[str] = frozenset()


_MEDICINE = ("medicationCodeableConcept", "medicationReference", "medication")
_STATUS = (_("Status"), "status")
_REASON = (_("Why"), "reasonCode")
_REASON_TOO = (_("Because of"), "reasonReference")
_BY = (_("By"), "performer.actor")
_ENDED = frozenset({"completed", "stopped", "cancelled", "ended", "not-taken", "finished"})
_GONE = frozenset({"inactive", "resolved", "remission"})

KINDS: Mapping[str, Kind] = {
    "Condition": Kind(
        _("Health problem"),
        ("code",),
        ("onsetDateTime", "onsetPeriod.start", "recordedDate"),
        (
            (_("Status"), "clinicalStatus"),
            (_("How sure"), "verificationStatus"),
            (_("How severe"), "severity"),
            (_("Where in the body"), "bodySite"),
            (_("Began"), "onset[x]"),
            (_("Ended"), "abatement[x]"),
            (_("Written down on"), "recordedDate"),
            (_("Written down by"), "recorder"),
        ),
        ("clinicalStatus",),
        _GONE,
    ),
    "FamilyMemberHistory": Kind(
        _("Illness in the family"),
        ("relationship", "name"),
        ("date",),
        (
            (_("Illness"), "condition.code"),
            (_("At the age of"), "condition.onset[x]"),
            (_("Died"), "deceased[x]"),
        ),
        ("condition.code",),
    ),
    "MedicationRequest": Kind(
        _("Medicine"),
        _MEDICINE,
        ("authoredOn",),
        (
            _STATUS,
            (_("How to take it"), "dosageInstruction"),
            (_("Prescribed on"), "authoredOn"),
            (_("Prescribed by"), "requester"),
            (_("Amount"), "dispenseRequest.quantity"),
            (_("Refills"), "dispenseRequest.numberOfRepeatsAllowed"),
            _REASON,
            _REASON_TOO,
            (_("Why it was stopped"), "statusReason"),
        ),
        ("dosageInstruction", "status"),
        _ENDED,
    ),
    "MedicationStatement": Kind(
        _("Medicine"),
        _MEDICINE,
        ("effectiveDateTime", "effectivePeriod.start", "dateAsserted"),
        (
            _STATUS,
            (_("How to take it"), "dosage"),
            (_("Taken"), "effective[x]"),
            (_("Told by"), "informationSource"),
            _REASON,
        ),
        ("dosage", "status"),
        _ENDED,
    ),
    "MedicationDispense": Kind(
        _("Medicine handed out"),
        _MEDICINE,
        ("whenHandedOver", "whenPrepared"),
        (
            _STATUS,
            (_("Amount"), "quantity"),
            (_("Days it lasts"), "daysSupply"),
            (_("How to take it"), "dosageInstruction"),
            _BY,
        ),
        ("quantity",),
    ),
    "MedicationAdministration": Kind(
        _("Medicine given"),
        _MEDICINE,
        ("effectiveDateTime", "effectivePeriod.start"),
        (_STATUS, (_("Dose"), "dosage.dose"), (_("Way"), "dosage.route"), _BY),
        ("dosage.dose",),
    ),
    "AllergyIntolerance": Kind(
        _("Allergy"),
        ("code",),
        ("onsetDateTime", "recordedDate"),
        (
            (_("Status"), "clinicalStatus"),
            (_("How sure"), "verificationStatus"),
            (_("Kind"), "type"),
            (_("To what kind of thing"), "category"),
            (_("How dangerous"), "criticality"),
            (_("What happens"), "reaction.manifestation"),
            (_("How severe"), "reaction.severity"),
            (_("Written down on"), "recordedDate"),
            (_("Written down by"), "recorder"),
        ),
        ("reaction.manifestation", "clinicalStatus"),
        _GONE,
    ),
    "Immunization": Kind(
        _("Vaccination"),
        ("vaccineCode",),
        ("occurrenceDateTime", "recorded"),
        (
            _STATUS,
            (_("Given on"), "occurrence[x]"),
            (_("Dose"), "doseQuantity"),
            (_("Dose number"), "protocolApplied.doseNumber[x]"),
            (_("Where in the body"), "site"),
            (_("Lot number"), "lotNumber"),
            (_("Maker"), "manufacturer"),
            (_("Place"), "location"),
            _BY,
            (_("Why it was not given"), "statusReason"),
        ),
        ("status",),
    ),
    "Observation": Kind(
        _("Result"),
        ("code",),
        ("effectiveDateTime", "effectivePeriod.start", "effectiveInstant", "issued"),
        (
            _STATUS,
            (_("Measured on"), "effective[x]"),
            (_("Reported on"), "issued"),
            (_("How it was measured"), "method"),
            (_("Where in the body"), "bodySite"),
            (_("Sample"), "specimen"),
            (_("With"), "device"),
            (_("By"), "performer"),
        ),
    ),
    "DiagnosticReport": Kind(
        _("Report"),
        ("code",),
        ("effectiveDateTime", "effectivePeriod.start", "issued"),
        (
            _STATUS,
            (_("Of"), "effective[x]"),
            (_("Reported on"), "issued"),
            (_("What it says"), "conclusion"),
            (_("Results in it"), "result"),
            (_("By"), "performer"),
        ),
        ("conclusion", "status"),
    ),
    "Procedure": Kind(
        _("Procedure"),
        ("code",),
        ("performedDateTime", "performedPeriod.start"),
        (
            _STATUS,
            (_("Done on"), "performed[x]"),
            (_("Where in the body"), "bodySite"),
            (_("Outcome"), "outcome"),
            (_("What happened besides"), "complication"),
            (_("What to do afterwards"), "followUp"),
            _REASON,
            _REASON_TOO,
            _BY,
            (_("Place"), "location"),
        ),
        ("status",),
    ),
    "ServiceRequest": Kind(
        _("Order"),
        ("code",),
        ("authoredOn", "occurrenceDateTime"),
        (
            _STATUS,
            (_("Ordered on"), "authoredOn"),
            (_("For"), "occurrence[x]"),
            (_("Ordered by"), "requester"),
            (_("What to do"), "patientInstruction"),
            _REASON,
        ),
        ("status",),
    ),
    "Encounter": Kind(
        _("Visit"),
        ("type", "class"),
        ("period.start",),
        (
            _STATUS,
            (_("Kind"), "class"),
            (_("When"), "period"),
            (_("With"), "participant.individual"),
            _REASON,
            _REASON_TOO,
            (_("Place"), "location.location"),
            (_("At"), "serviceProvider"),
            (_("Afterwards"), "hospitalization.dischargeDisposition"),
        ),
        ("participant.individual",),
    ),
    "Appointment": Kind(
        _("Appointment"),
        ("serviceType", "appointmentType", "description"),
        ("start",),
        (_STATUS, (_("When"), "start"), (_("With"), "participant.actor"), _REASON),
        ("status",),
    ),
    "DocumentReference": Kind(
        _("Document"),
        ("type", "description", "content.attachment.title"),
        ("date", "context.period.start"),
        (
            (_("Status"), "docStatus"),
            (_("Kind"), "category"),
            (_("About"), "description"),
            (_("Written on"), "date"),
            (_("Written by"), "author"),
            (_("Kept by"), "custodian"),
        ),
        ("author",),
        frozenset({"superseded"}),
    ),
    "CareTeam": Kind(
        _("Care team"),
        ("name", "category"),
        ("period.start",),
        (
            _STATUS,
            (_("People"), "participant.member"),
            (_("At"), "managingOrganization"),
            (_("Since"), "period"),
            _REASON,
        ),
        ("participant.member",),
        frozenset({"inactive"}),
    ),
    "RelatedPerson": Kind(
        _("Somebody close"),
        ("name",),
        ("period.start",),
        (
            (_("What they are"), "relationship"),
            (_("Telephone or email"), "telecom.value"),
            (_("Address"), "address"),
        ),
        ("relationship",),
    ),
    "Goal": Kind(
        _("Goal"),
        ("description",),
        ("startDate", "statusDate"),
        (
            (_("Status"), "lifecycleStatus"),
            (_("How it goes"), "achievementStatus"),
            (_("What is aimed at"), "target.detail[x]"),
            (_("By when"), "target.due[x]"),
            (_("Since"), "startDate"),
            (_("Set by"), "expressedBy"),
        ),
        ("achievementStatus", "lifecycleStatus"),
        frozenset({"completed", "cancelled", "rejected"}),
    ),
    "CarePlan": Kind(
        _("Care plan"),
        ("title", "category"),
        ("period.start", "created"),
        (
            _STATUS,
            (_("About"), "description"),
            (_("For"), "period"),
            (_("What is done"), "activity.detail.code"),
            (_("By"), "author"),
        ),
        ("status",),
        _ENDED,
    ),
    "Device": Kind(
        _("Device"),
        ("deviceName.name", "type"),
        ("manufactureDate",),
        (
            _STATUS,
            (_("Kind"), "type"),
            (_("Maker"), "manufacturer"),
            (_("Model"), "modelNumber"),
            (_("Serial number"), "serialNumber"),
            (_("Lot number"), "lotNumber"),
            (_("Identifier (UDI)"), "udiCarrier.deviceIdentifier"),
            (_("Use until"), "expirationDate"),
        ),
        ("manufacturer",),
        frozenset({"inactive"}),
    ),
    "Coverage": Kind(
        _("Insurance"),
        ("type", "payor"),
        ("period.start",),
        (
            _STATUS,
            (_("Insurer"), "payor"),
            (_("Valid"), "period"),
            (_("Number"), "subscriberId"),
            (_("Plan"), "class.name"),
        ),
        ("payor",),
        frozenset({"cancelled"}),
    ),
    "ExplanationOfBenefit": Kind(
        _("What the insurer paid"),
        ("type",),
        ("billablePeriod.start", "created"),
        (_STATUS, (_("Insurer"), "insurer"), (_("For"), "billablePeriod"), (_("By"), "provider")),
    ),
    "Claim": Kind(
        _("Bill"),
        ("type",),
        ("billablePeriod.start", "created"),
        (_STATUS, (_("For"), "billablePeriod"), (_("By"), "provider")),
    ),
    "Patient": Kind(
        _("About you"),
        ("name",),
        (),
        (
            (_("Born on"), "birthDate"),
            (_("Sex"), "gender"),
            (_("Address"), "address"),
            (_("Telephone or email"), "telecom.value"),
            (_("Languages"), "communication.language"),
            (_("Record numbers"), "identifier.value"),
            (_("Doctor"), "generalPractitioner"),
            (_("To call in an emergency"), "contact.name"),
        ),
    ),
    "QuestionnaireResponse": Kind(
        _("Questions answered"),
        ("questionnaire",),
        ("authored",),
        (_STATUS, (_("Answered on"), "authored"), (_("By"), "author")),
    ),
    "Provenance": Kind(
        _("Where it comes from"),
        ("activity",),
        ("recorded",),
        ((_("Recorded on"), "recorded"), (_("By"), "agent.who"), (_("For"), "agent.onBehalfOf")),
        ("agent.who",),
    ),
}

ANY = Kind(
    _("Entry"),
    ("name", "title", "code", "type", "category", "description", "vaccineCode"),
    (
        *("effectiveDateTime", "occurrenceDateTime", "performedDateTime", "period.start"),
        *("authoredOn", "recordedDate", "date", "created", "issued"),
    ),
    (
        _STATUS,
        (_("Kind"), "category"),
        (_("About"), "description"),
        (_("What it says"), "conclusion"),
        (_("When"), "occurrence[x]"),
        (_("For"), "period"),
        (_("By"), "author"),
        (_("By"), "performer"),
        _REASON,
    ),
    ("status",),
)
"""For kinds that nobody described: what R4's kinds have in common."""
