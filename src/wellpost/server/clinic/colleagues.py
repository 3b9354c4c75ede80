"""Who at the practice can be written to, written for, or brought in."""

from __future__ import annotations

from wellpost.server.people.models import Membership, Patient, Representative, Role
from wellpost.server.people.phases import Phase, representatives_ever
from wellpost.server.people.queries import clinicians_of, members_of

from .desk import Desk

ANSWERING = {Role.CLINICIAN, Role.STAFF}


def colleagues(desk: Desk) -> list[Membership]:
    """Everybody else who answers messages at the practice today, by name."""
    held = members_of(desk.practice)
    return [each for each in held if each.role in ANSWERING and each.account != desk.user]


def clinicians_to_write_for(desk: Desk) -> list[Membership]:
    """The clinicians staff can write for; none for a clinician, who writes in their own name."""
    return [] if desk.clinician else clinicians_of(desk.practice)


def representatives(patient: Patient) -> list[Representative]:
    """Who may read and write messages for the patient today."""
    held = [each.who for each in representatives_ever(patient) if each.phase == Phase.NOW]
    return [each for each in held if each.may_message]
