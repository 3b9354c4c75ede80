"""Getting notices out: after the commit, and again until it worked or never will.

A notice is claimed in the database before it is sent, so any number of processes may deliver
together; one that is killed while sending leaves a claim that runs out. What it may have sent by
then is sent again under the same key (Message-ID, Idempotency-Key), by which the next one along
the way knows it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import groupby
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import F, Q, QuerySet

from wellpost.server.clock import time as clock

from .carriers import NobodyThereError, RefusedForGoodError, carriers
from .models import Channel, Notice, Stopped, Wishes
from .texts import ALWAYS, letter
from .timing import MOST_ATTEMPTS, wait_after

CLAIM = timedelta(minutes=10)
"""Longer than the slowest mail server takes for one round."""
A_ROUND = 20
logger = logging.getLogger("wellpost.notices")
_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="notices")


def deliver_soon(notices: Sequence[UUID] | None = None) -> None:
    """Send these, or all that are due, without keeping the caller waiting for a mail server.

    The setting NOTICES_AT_ONCE sends them before the caller goes on. What a stopped process
    leaves unsent, the next round of any sends.
    """
    if getattr(settings, "NOTICES_AT_ONCE", False):
        deliver(notices)
    else:
        _postman.submit(_in_background, notices)


def deliver(notices: Iterable[UUID] | None = None) -> int:
    """Try to send what is due, of these or of all; how many went out. Never raises for a fault
    of a mail server or a gateway.
    """
    wanted = None if notices is None else list(notices)
    sent = 0
    while claimed := _claimed(wanted):
        sent += sum(_sent(each) for each in _letters(claimed))
        if len(claimed) < A_ROUND:
            break
    return sent


def waiting() -> QuerySet[Notice]:
    """What is to be sent, now or later, the first due first."""
    return Notice.objects.filter(sent_at=None, stopped_at=None).order_by("due_at")


def _claimed(wanted: Sequence[UUID] | None) -> list[Notice]:
    """Take some of what is due. PostgreSQL passes over what another process holds; on SQLite
    one transaction writes at a time.
    """
    free = Q(claimed_until=None) | Q(claimed_until__lt=_really_now())
    skips = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        due = waiting().filter(free, due_at__lte=clock.now()).select_for_update(skip_locked=skips)
        found = list((due if wanted is None else due.filter(pk__in=wanted))[:A_ROUND])
        found += _of_the_same_letters(found, due)
        Notice.objects.filter(pk__in=[each.pk for each in found]).update(
            claimed_until=_really_now() + CLAIM, attempts=F("attempts") + 1
        )
    for each in found:
        each.attempts += 1
    return [each for each in found if not _settled(each)]


def _of_the_same_letters(found: Sequence[Notice], due: QuerySet[Notice]) -> list[Notice]:
    """What else is due to those whose day's notices go out together: else one letter became two
    wherever a round ends.
    """
    people = {each.user_id for each in found if each.together}
    if not people:
        return []
    others = due.filter(user__in=people, together=True)
    return list(others.exclude(pk__in=[each.pk for each in found]))


def _settled(notice: Notice) -> bool:
    """What had to wait, and was seen meanwhile, needs no letter any more."""
    if not notice.acted_at or notice.kind in ALWAYS or notice.due_at <= notice.created_at:
        return False
    _stop(notice, Stopped.SEEN)
    return True


def _letters(claimed: Sequence[Notice]) -> list[list[Notice]]:
    """One for each notice, but those of a day for one person together."""

    def place(each: Notice) -> tuple[str, ...]:
        own = (str(each.user_id), each.channel, each.address)
        return own if each.together else (*own, str(each.pk))

    return [list(some) for _, some in groupby(sorted(claimed, key=place), key=place)]


def _sent(some: Sequence[Notice]) -> bool:
    """Send one letter for these, which have one address."""
    first = some[0]
    try:
        carrier = carriers()[first.channel]
        carrier.send(first.address, letter((n.kind for n in some), first.channel), str(first.pk))
    except NobodyThereError:
        for each in some:
            _by_email(each)
        return False
    except Exception as fault:
        # Its words may hold the address; its kind is enough to look into.
        for each in some:
            _failed(each, fault)
        return False
    those = Notice.objects.filter(pk__in=[each.pk for each in some])
    those.update(sent_at=clock.now(), last_error="", claimed_until=None)
    return True


@transaction.atomic
def _by_email(notice: Notice) -> None:
    """The browser it was for is gone: by email, unless another way told of it already."""
    _stop(notice, Stopped.GONE)
    told = Notice.objects.filter(
        user=notice.user, kind=notice.kind, created_at=notice.created_at
    ).exclude(pk=notice.pk)
    user = notice.user
    if user and not told.exists() and Wishes.objects.filter(user=user, by_email=True).exists():
        notice.pk, notice.channel, notice.address = uuid4(), Channel.EMAIL, user.email
        notice.stopped_at, notice.stopped_as = None, ""
        notice.attempts, notice.claimed_until, notice.follows = 0, None, None
        notice.save(force_insert=True)


def _failed(notice: Notice, fault: Exception) -> None:
    """Put it back for later; after the last attempt, or a refusal for good, it is a dead letter."""
    notice.last_error = type(fault).__name__
    logger.warning("notice %s was not sent: %s", notice.pk, notice.last_error)
    if isinstance(fault, RefusedForGoodError) or notice.attempts >= MOST_ATTEMPTS:
        _stop(notice, Stopped.FAILED)
    else:
        notice.due_at = clock.now() + wait_after(notice.attempts)
    notice.claimed_until = None
    notice.save(update_fields=["last_error", "due_at", "claimed_until"])


def _stop(notice: Notice, why: Stopped) -> None:
    notice.stopped_at, notice.stopped_as = clock.now(), why
    notice.save(update_fields=["stopped_at", "stopped_as"])


def _really_now() -> datetime:
    """A claim runs by the machine's time; the demo's clock can be set."""
    return datetime.now(UTC)


def _in_background(notices: Sequence[UUID] | None) -> None:
    try:
        deliver(notices)
    except Exception:
        logger.exception("notices wait for the next round")
    finally:
        connections.close_all()
