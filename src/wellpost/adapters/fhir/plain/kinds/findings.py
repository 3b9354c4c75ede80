"""What was measured, found and done."""

from __future__ import annotations

from collections.abc import Mapping

from ..marking import gettext_noop as _
from .kind import BY, REASON, REASON_TOO, STATUS, Kind

FINDINGS: Mapping[str, Kind] = {
    "Observation": Kind(
        _("Result"),
        ("code",),
        ("effectiveDateTime", "effectivePeriod.start", "effectiveInstant", "issued"),
        (
            STATUS,
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
            STATUS,
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
            STATUS,
            (_("Done on"), "performed[x]"),
            (_("Where in the body"), "bodySite"),
            (_("Outcome"), "outcome"),
            (_("What happened besides"), "complication"),
            (_("What to do afterwards"), "followUp"),
            REASON,
            REASON_TOO,
            BY,
            (_("Place"), "location"),
        ),
        ("status",),
    ),
    "ServiceRequest": Kind(
        _("Order"),
        ("code",),
        ("authoredOn", "occurrenceDateTime"),
        (
            STATUS,
            (_("Ordered on"), "authoredOn"),
            (_("For"), "occurrence[x]"),
            (_("Ordered by"), "requester"),
            (_("What to do"), "patientInstruction"),
            REASON,
        ),
        ("status",),
    ),
}
