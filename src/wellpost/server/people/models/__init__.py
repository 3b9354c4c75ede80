"""Who there is: users, practices, their clinicians and staff, patients, representatives."""

from .accounts import BoundSubject, SignIn, User, UserManager, WantedReset
from .invitations import Invitation, MemberInvitation, Proof
from .patients import Patient, PatientIdentifier, Representative
from .practices import Clinician, Membership, Practice, Role, check_npi, check_tin
from .rights import AgedRight, AgeRule, EmergencyAccess

__all__ = [
    "AgeRule",
    "AgedRight",
    "BoundSubject",
    "Clinician",
    "EmergencyAccess",
    "Invitation",
    "MemberInvitation",
    "Membership",
    "Patient",
    "PatientIdentifier",
    "Practice",
    "Proof",
    "Representative",
    "Role",
    "SignIn",
    "User",
    "UserManager",
    "WantedReset",
    "check_npi",
    "check_tin",
]
