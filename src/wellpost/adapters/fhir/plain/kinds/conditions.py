"""What somebody has, had, and bears: problems, family, allergies, immunizations."""

from __future__ import annotations

from collections.abc import Mapping

from ..marking import gettext_noop as _
from .kind import BY, GONE, STATUS, Kind

CONDITIONS: Mapping[str, Kind] = {
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
        GONE,
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
        GONE,
    ),
    "Immunization": Kind(
        _("Vaccination"),
        ("vaccineCode",),
        ("occurrenceDateTime", "recorded"),
        (
            STATUS,
            (_("Given on"), "occurrence[x]"),
            (_("Dose"), "doseQuantity"),
            (_("Dose number"), "protocolApplied.doseNumber[x]"),
            (_("Where in the body"), "site"),
            (_("Lot number"), "lotNumber"),
            (_("Maker"), "manufacturer"),
            (_("Place"), "location"),
            BY,
            (_("Why it was not given"), "statusReason"),
        ),
        ("status",),
    ),
}
