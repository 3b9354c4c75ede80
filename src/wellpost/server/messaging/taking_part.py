"""Those of the practice with a role on a thread."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import DateField, OuterRef, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Membership, User
from wellpost.server.prepared import Prepared, Slot

from .access import seat_at
from .alarms import watched
from .checks import check_members
from .models import Coverage, Participant, Thread
from .practice_seats import coverage_on
from .seats import Side
from .threads import thread_with_parties


def participants_of(thread: Thread) -> list[Participant]:
    """Who takes part, with their accounts, the longest first; each with the account of who
    answers for them today (`covered_by_user`), where they are away.
    """
    return _PARTICIPANTS(thread=thread.pk, today=clock.today(thread.practice.time_zone))


def _participants() -> QuerySet[Participant]:
    of_thread = Participant.objects.filter(thread=Slot("thread", UUIDField()))
    joined = of_thread.select_related("membership__clinician__user", "membership__user")
    covering = Coverage.objects.filter(
        coverage_on(Slot("today", DateField())), membership=OuterRef("membership")
    )
    account = Coalesce("covered_by__clinician__user", "covered_by__user")
    answers = Subquery(covering.annotate(account=account).values("account")[:1])
    return joined.annotate(covered_by_user=answers).order_by("since", "pk")


_PARTICIPANTS = Prepared(_participants)


def bring_in(thread: Thread, memberships: Iterable[Membership | None]) -> None:
    """Give each a role on the thread; those who have one keep it."""
    wanted = list(dict.fromkeys(each for each in memberships if each is not None))
    if not wanted:
        return
    check_members(wanted, thread.practice)
    since = clock.now()
    rows = [Participant(thread=thread, membership=each, since=since) for each in wanted]
    Participant.objects.bulk_create(rows, ignore_conflicts=True)


@watched
@transaction.atomic
def add_participant(*, thread: Thread, membership: Membership, by: User) -> None:
    """Bring a colleague of the practice into the conversation; they can read all of it."""
    held = thread_with_parties(thread.pk, locked=True)
    seat_at(by, held, Side.PRACTICE)
    bring_in(held, [membership])
    details = {"membership": str(membership.pk)}
    record(by=by, deed=Deed.PARTICIPANT_ADDED, target=held, details=details)
