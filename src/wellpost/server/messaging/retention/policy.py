"""How long a practice keeps messages: data, set by the practice, since the law is its state's.

HIPAA sets no time for medical records (HHS, FAQ 580); states do, and they differ: in Texas seven
years from the last treatment, and of a minor until 21 (Texas Medical Board rule 165.1(b), as its
medical association printed it in 2020); in North Carolina, for hospitals, eleven, and of a minor
until 30 (secondhand). Who has Medicare Advantage patients keeps ten years (42 CFR 422.504(d),
secondhand). So ten and 21 are offered, and nothing is destroyed before a practice sets its own.
"""

from __future__ import annotations

from django.db import transaction

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import Permission, require

from ..models import RetentionPolicy

YEARS, MINORS_UNTIL = 10, 21
"""What is offered where nothing is set yet."""
FEWEST_YEARS, MOST_YEARS = 6, 100
"""Six: an attested year can be audited so long (42 CFR 495.40(c)), and messages are its proof."""
LOWEST_AGE, HIGHEST_AGE = 18, 40
LONGEST_SOURCE = 300


@transaction.atomic
def set_policy(
    *, practice: Practice, by: User | None, years: int, minors_until: int, source: str = ""
) -> RetentionPolicy:
    """Keep messages so many years after the last contact, and of minors at least until that age.

    NotAllowed for who may not; RequestError for fewer years, or a lower age, than can be right.
    """
    require(by, Permission.MANAGE_RETENTION, practice)
    _check("years", years, FEWEST_YEARS, MOST_YEARS)
    _check("age", minors_until, LOWEST_AGE, HIGHEST_AGE)
    made = RetentionPolicy.objects.create(
        practice=practice, years=years, minors_until=minors_until, set_by=by, set_at=clock.now(),
        source=" ".join(source.split())[:LONGEST_SOURCE],
    )  # fmt: skip
    details = {"years": years, "minors_until": minors_until}
    record(by=by, deed=Deed.RETENTION_SET, target=made, details=details)
    return made


def policy_of(practice: Practice) -> RetentionPolicy | None:
    """The one in force: the latest set; None where none was."""
    return RetentionPolicy.objects.filter(practice=practice).order_by("-set_at", "-pk").first()


def policy_in_force(practice: Practice) -> RetentionPolicy:
    """The same; RequestError where none was set."""
    found = policy_of(practice)
    if found is None:
        raise RequestError(
            "It is not set yet how long messages are kept here; set it first. Nothing is destroyed "
            "before."
        )
    return found


def _check(what: str, given: int, least: int, most: int) -> None:
    if not least <= given <= most:
        raise RequestError(f"{what}: {given} is outside {least} to {most}.")
