"""What stands around the care: devices, insurance, the person, answers, sources."""

from __future__ import annotations

from collections.abc import Mapping

from ..marking import gettext_noop as _
from .kind import STATUS, Kind

AROUND: Mapping[str, Kind] = {
    "Device": Kind(
        _("Device"),
        ("deviceName.name", "type"),
        ("manufactureDate",),
        (
            STATUS,
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
            STATUS,
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
        (STATUS, (_("Insurer"), "insurer"), (_("For"), "billablePeriod"), (_("By"), "provider")),
    ),
    "Claim": Kind(
        _("Bill"),
        ("type",),
        ("billablePeriod.start", "created"),
        (STATUS, (_("For"), "billablePeriod"), (_("By"), "provider")),
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
        (STATUS, (_("Answered on"), "authored"), (_("By"), "author")),
    ),
    "Provenance": Kind(
        _("Where it comes from"),
        ("activity",),
        ("recorded",),
        ((_("Recorded on"), "recorded"), (_("By"), "agent.who"), (_("For"), "agent.onBehalfOf")),
        ("agent.who",),
    ),
}
