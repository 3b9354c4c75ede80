"""For each FHIR kind: what it is called by, which day it is of, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping

from ..marking import gettext_noop as _
from .around import AROUND
from .care import CARE
from .conditions import CONDITIONS
from .findings import FINDINGS
from .kind import REASON, STATUS, Kind
from .medicines import MEDICINES

KINDS: Mapping[str, Kind] = {**CONDITIONS, **MEDICINES, **FINDINGS, **CARE, **AROUND}

ANY = Kind(
    _("Entry"),
    ("name", "title", "code", "type", "category", "description", "vaccineCode"),
    (
        *("effectiveDateTime", "occurrenceDateTime", "performedDateTime", "period.start"),
        *("authoredOn", "recordedDate", "date", "created", "issued"),
    ),
    (
        STATUS,
        (_("Kind"), "category"),
        (_("About"), "description"),
        (_("What it says"), "conclusion"),
        (_("When"), "occurrence[x]"),
        (_("For"), "period"),
        (_("By"), "author"),
        (_("By"), "performer"),
        REASON,
    ),
    ("status",),
)
"""For kinds that nobody described: what R4's kinds have in common."""

__all__ = ["ANY", "KINDS", "Kind"]
