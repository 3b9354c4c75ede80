"""The patient's uses of the record: each stands in the log, and counts where the law says so."""

from __future__ import annotations

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import NotAllowed

from .models import PortalAction
from .sight import Sight, patients_side

DEEDS = {
    "view": Deed.RECORD_READ,
    "download": Deed.RECORD_DOWNLOADED,
    "transmit": Deed.RECORD_SENT,
    "api": Deed.RECORD_READ_BY_APP,
}


def use(
    *, by: User, patient: Patient, action: str, what: str = "", to_whom: str = "", through: str = ""
) -> PortalAction:
    """Put a view, download, transmission or API read by the patient's side on record.

    In the caller's transaction. `action` is one of facts' (view, download, transmit, api).
    Raises NotAllowed for all but the patient and representatives who may see the record: what
    the practice reads or prints itself never counts (45 CFR 170.315(e)(1); ONC deck RT4).
    """
    return use_in_sight(patients_side(patient, by), patient, action, what, to_whom, through)


def use_in_sight(
    sight: Sight,
    patient: Patient,
    action: str,
    what: str = "",
    to_whom: str = "",
    through: str = "",
) -> PortalAction:
    """As `use`, for a page that has asked already who looks."""
    if sight.chart or sight.by is None:
        raise NotAllowed("what the practice reads is no use by the patient.")
    used = PortalAction.objects.create(
        patient=patient,
        practice=patient.practice,
        user=sight.by,
        acted_at=clock.now(),
        acted_on=clock.today(patient.practice.time_zone),
        action=action,
        acted_by="patient" if sight.own else "representative",
        what=what,
        to_whom=to_whom,
        through=through,
    )
    details = {"what": what}
    record(by=sight.by, deed=DEEDS[action], target=used, category="record", details=details)
    return used
