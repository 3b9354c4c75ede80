"""Who may see whose numbers, decided in one place."""

from __future__ import annotations

from dataclasses import dataclass

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Clinician, Practice, Role, User
from wellpost.server.people.permissions import NotAllowed, Permission, require
from wellpost.server.people.queries import memberships_of
from wellpost.server.records.models import Encounter


@dataclass(frozen=True)
class Viewer:
    """Somebody at a practice, and what of its numbers they see.

    `own_npi` is set for one who is a clinician there and nothing else: they see their own row.
    """

    by: User
    practice: Practice
    own_npi: str | None

    def sees(self, npi: str | None) -> bool:
        """Whether the viewer may see this clinician's numbers (None: the practice's)."""
        if self.own_npi is not None:
            return npi == self.own_npi
        return npi is None or _worked_here(npi, self.practice)

    def require(self, npi: str | None, permission: Permission) -> None:
        """NotAllowed unless the viewer may, here and about this clinician."""
        require(self.by, permission, self.practice)
        if not self.sees(npi):
            raise NotAllowed("these numbers are another's.")


def viewer(by: User, practice: Practice) -> Viewer:
    """The viewer's place at the practice; NotAllowed for outsiders."""
    require(by, Permission.READ_MEASURES, practice)
    today = clock.today(practice.time_zone)
    here = [each for each in memberships_of(by, today) if each.practice == practice]
    as_clinician = [each.clinician for each in here if each.role == Role.CLINICIAN]
    only_clinician = len(as_clinician) == len(here)
    own = next((each.npi for each in as_clinician if each), None) if only_clinician else None
    return Viewer(by, practice, own)


def _worked_here(npi: str, practice: Practice) -> bool:
    clinician = Clinician.objects.filter(npi=npi).first()
    if clinician is None:
        return False
    seen = Encounter.objects.filter(clinician=clinician, practice=practice)
    return clinician.memberships.filter(practice=practice).exists() or seen.exists()
