"""The invitation that goes along when the practice writes to somebody without an account."""

from __future__ import annotations

from wellpost.server.clock import time as clock
from wellpost.server.people.actions import invite_patient
from wellpost.server.people.ages import old_enough
from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import Permission, may


def invite_if_needed(patient: Patient, by: User) -> None:
    """Invite by email where there is no account and no open invitation, and it can be done.

    Where no address or no date of birth is known, the clinic's pages offer the letter.
    """
    known = patient.email and patient.birth_on
    if patient.user_id or not known or not old_enough(patient) or _is_invited(patient):
        return
    if may(by, Permission.INVITE_PATIENT, patient):
        invite_patient(patient=patient, by=by, sent_by="email")


def _is_invited(patient: Patient) -> bool:
    open_ones = patient.invitations.filter(representative=None, used_at=None, withdrawn_at=None)
    return open_ones.filter(expires_at__gt=clock.now()).exists()
