"""The patient's uses of the record: each stands in the log, and counts where the law says so."""

from __future__ import annotations

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import Permission, Standing, require, standings

from .models import PortalAction

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
    require(by, Permission.READ_RECORD, patient)
    own = Standing.PATIENT in standings(by, patient)
    now = clock.now()
    used = PortalAction.objects.create(
        patient=patient,
        practice=patient.practice,
        user=by,
        acted_at=now,
        acted_on=clock.today(patient.practice.time_zone),
        action=action,
        acted_by="patient" if own else "representative",
        what=what,
        to_whom=to_whom,
        through=through,
    )
    record(by=by, deed=DEEDS[action], target=used, category="record", details={"what": what})
    return used
