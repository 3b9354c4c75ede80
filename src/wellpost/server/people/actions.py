"""Everything that changes people: each deed whole, in one transaction, on record."""

from __future__ import annotations

from .accounts import make_account
from .ages import set_ages
from .enrolment import add_patient, add_representative, change_patient, end_representative
from .founding import appoint_administrator, set_up_practice
from .invitations import (
    accept_invitation,
    invite_patient,
    invite_representative,
    open_invitation,
    take_up_invitation,
    withdraw_invitation,
)
from .member_invitations import invite_member, open_member_invitation, take_up_member_invitation
from .merging import merge_patients
from .parents import add_parent
from .recovery import recover_account
from .roster import add_clinician, add_staff, end_membership

__all__ = [
    "accept_invitation",
    "add_clinician",
    "add_parent",
    "add_patient",
    "add_representative",
    "add_staff",
    "appoint_administrator",
    "change_patient",
    "end_membership",
    "end_representative",
    "invite_member",
    "invite_patient",
    "invite_representative",
    "make_account",
    "merge_patients",
    "open_invitation",
    "open_member_invitation",
    "recover_account",
    "set_ages",
    "set_up_practice",
    "take_up_invitation",
    "take_up_member_invitation",
    "withdraw_invitation",
]
