"""What a practice says of itself."""

from __future__ import annotations

from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed

from .checks import check_name, check_time_zone
from .models import Practice, User
from .permissions import Permission, require

CHANGEABLE = ("name", "phone", "time_zone", "answer_within_days")


@transaction.atomic
def change_practice(
    *,
    practice: Practice,
    by: User | None,
    name: str,
    phone: str,
    time_zone: str,
    answer_within_days: int,
) -> Practice:
    """Change the name, the telephone, the time zone and how soon patients are answered.

    Days that are stored already stay the days they were.
    """
    require(by, Permission.MANAGE_PEOPLE, practice)
    check_name(name, "practice's name")
    check_time_zone(time_zone)
    practice.name, practice.phone = name.strip(), phone.strip()
    practice.time_zone, practice.answer_within_days = time_zone, answer_within_days
    practice.save(update_fields=CHANGEABLE)
    record(by=by, deed=Deed.PRACTICE_CHANGED, target=practice, practice_id=practice.pk)
    return practice
