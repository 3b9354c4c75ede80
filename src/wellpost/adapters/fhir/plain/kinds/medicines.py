"""Medicines: prescribed, taken, handed out and given."""

from __future__ import annotations

from collections.abc import Mapping

from ..marking import gettext_noop as _
from .kind import BY, ENDED, MEDICINE, REASON, REASON_TOO, STATUS, Kind

MEDICINES: Mapping[str, Kind] = {
    "MedicationRequest": Kind(
        _("Medicine"),
        MEDICINE,
        ("authoredOn",),
        (
            STATUS,
            (_("How to take it"), "dosageInstruction"),
            (_("Prescribed on"), "authoredOn"),
            (_("Prescribed by"), "requester"),
            (_("Amount"), "dispenseRequest.quantity"),
            (_("Refills"), "dispenseRequest.numberOfRepeatsAllowed"),
            REASON,
            REASON_TOO,
            (_("Why it was stopped"), "statusReason"),
        ),
        ("dosageInstruction", "status"),
        ENDED,
    ),
    "MedicationStatement": Kind(
        _("Medicine"),
        MEDICINE,
        ("effectiveDateTime", "effectivePeriod.start", "dateAsserted"),
        (
            STATUS,
            (_("How to take it"), "dosage"),
            (_("Taken"), "effective[x]"),
            (_("Told by"), "informationSource"),
            REASON,
        ),
        ("dosage", "status"),
        ENDED,
    ),
    "MedicationDispense": Kind(
        _("Medicine handed out"),
        MEDICINE,
        ("whenHandedOver", "whenPrepared"),
        (
            STATUS,
            (_("Amount"), "quantity"),
            (_("Days it lasts"), "daysSupply"),
            (_("How to take it"), "dosageInstruction"),
            BY,
        ),
        ("quantity",),
    ),
    "MedicationAdministration": Kind(
        _("Medicine given"),
        MEDICINE,
        ("effectiveDateTime", "effectivePeriod.start"),
        (STATUS, (_("Dose"), "dosage.dose"), (_("Way"), "dosage.route"), BY),
        ("dosage.dose",),
    ),
}
