"""Where somebody sits at a conversation: on which side, in what role, with whose key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from wellpost.server.people.models import (
    Clinician,
    EmergencyAccess,
    Membership,
    Representative,
)
from wellpost.server.people.permissions import NotAllowed

from .keys.parties import Party
from .models import SenderKind


class Side(StrEnum):
    """Which end of the conversation."""

    PATIENT = "patient"
    PRACTICE = "practice"


@dataclass(frozen=True)
class Seat:
    """Where somebody sits today: on which side, in what role, with whose key.

    `covering`: the clinician away in whose place they sit here. `wider`: they carry threads they
    take no part in themselves.
    """

    side: Side
    kind: SenderKind
    party: Party
    representative: Representative | None = None
    membership: Membership | None = None
    keeps_pool: bool = False
    takes_part: bool = False
    emergency: EmergencyAccess | None = None
    covering: Membership | None = None
    wider: bool = False

    @property
    def clinician(self) -> Clinician | None:
        """The clinician who sits here, if one."""
        return self.membership.clinician if self.membership else None


def no_such_thread() -> NoReturn:
    """The one answer to an outsider."""
    raise NotAllowed("There is no such conversation here.")
