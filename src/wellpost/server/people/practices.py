"""What a practice says of itself."""

from __future__ import annotations

from django.db import transaction

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed

from .checks import check_name, check_time_zone
from .models import Membership, Practice, Role, User
from .permissions import Permission, require
from .queries import members_of

CHANGEABLE = ("name", "phone", "time_zone", "answer_within_days", "emergency_text")


@transaction.atomic
def change_practice(
    *,
    practice: Practice,
    by: User | None,
    name: str,
    phone: str,
    time_zone: str,
    answer_within_days: int,
    emergency_text: str = "",
) -> Practice:
    """Change the name, the telephone, the time zone, how soon patients are answered, and what
    they are told to do in an emergency (empty: call 911).

    Days that are stored already stay the days they were.
    """
    require(by, Permission.MANAGE_PEOPLE, practice)
    check_name(name, "practice's name")
    check_time_zone(time_zone)
    practice.name, practice.phone = name.strip(), phone.strip()
    practice.time_zone, practice.answer_within_days = time_zone, answer_within_days
    practice.emergency_text = " ".join(emergency_text.split())
    practice.save(update_fields=CHANGEABLE)
    record(by=by, deed=Deed.PRACTICE_CHANGED, target=practice, practice_id=practice.pk)
    return practice


@transaction.atomic
def choose_privacy_officer(
    *, practice: Practice, by: User | None, officer: Membership | None
) -> Practice:
    """Who is told at once of emergency access: an administrator of today with an account, or
    (None) every administrator.
    """
    require(by, Permission.MANAGE_PEOPLE, practice)
    if officer is not None and officer not in possible_privacy_officers(practice):
        raise RequestError("The privacy officer must be an administrator here who can sign in.")
    practice.privacy_officer = officer
    practice.save(update_fields=["privacy_officer"])
    details = {"privacy_officer": str(officer.pk) if officer else ""}
    record(
        by=by,
        deed=Deed.PRACTICE_CHANGED,
        target=practice,
        practice_id=practice.pk,
        details=details,
    )
    return practice


def possible_privacy_officers(practice: Practice) -> list[Membership]:
    """The administrators of today who can sign in, by name."""
    held = members_of(practice)
    return [each for each in held if each.role == Role.ADMINISTRATOR and each.account]
