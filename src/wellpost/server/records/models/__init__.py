"""What the practice keeps of a patient: what happened in care, and the record itself."""

from .care import AccessGrant, Encounter, EncounterKind, PatientDatum, PortalAction
from .resources import (
    ClosedDay,
    RecordVisit,
    ReleaseHold,
    Resource,
    ResourceMoment,
    ResourceToken,
)

__all__ = [
    "AccessGrant",
    "ClosedDay",
    "Encounter",
    "EncounterKind",
    "PatientDatum",
    "PortalAction",
    "RecordVisit",
    "ReleaseHold",
    "Resource",
    "ResourceMoment",
    "ResourceToken",
]
