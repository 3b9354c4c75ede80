"""Getting notices out by email: after the commit, and again until it worked."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import connections
from django.db.models import F

from wellpost.server.clock import time as clock

from .models import Notice
from .texts import letter

MOST_ATTEMPTS = 10
logger = logging.getLogger("wellpost.notices")
_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="notices")


def deliver_soon(notices: Sequence[UUID]) -> None:
    """Send these without keeping the request waiting for a mail server.

    The setting NOTICES_AT_ONCE sends them before the request goes on. What a stopped process
    leaves unsent, `send_notices` sends.
    """
    if getattr(settings, "NOTICES_AT_ONCE", False):
        deliver(notices)
    else:
        _postman.submit(_in_background, notices)


def deliver(notices: Iterable[UUID]) -> int:
    """Try to send each that is still unsent; how many went out. Never raises for a mail fault."""
    return sum(_delivered(each) for each in notices)


def waiting() -> list[UUID]:
    """Those to be tried (again), the oldest first."""
    unsent = Notice.objects.filter(sent_at=None, attempts__lt=MOST_ATTEMPTS)
    return list(unsent.order_by("created_at").values_list("pk", flat=True))


def _delivered(notice_id: UUID) -> bool:
    notice = Notice.objects.filter(pk=notice_id, sent_at=None).first()
    if notice is None or not _claimed(notice):
        return False
    try:
        subject, text = letter(notice.kind)
        send_mail(subject, text, None, [notice.address])
    except Exception as fault:
        # Its words may hold the address; its kind is enough to look into.
        return _failed(notice, type(fault).__name__)
    Notice.objects.filter(pk=notice_id).update(sent_at=clock.now(), last_error="")
    return True


def _claimed(notice: Notice) -> bool:
    """Two deliverers may find the same notice: the one that counts the attempt sends it."""
    same = Notice.objects.filter(pk=notice.pk, sent_at=None, attempts=notice.attempts)
    return same.update(attempts=F("attempts") + 1) == 1


def _failed(notice: Notice, kind_of_fault: str) -> bool:
    logger.warning("notice %s was not sent: %s", notice.pk, kind_of_fault)
    Notice.objects.filter(pk=notice.pk).update(last_error=kind_of_fault)
    return False


def _in_background(notices: Sequence[UUID]) -> None:
    try:
        deliver(notices)
    except Exception:
        logger.exception("notices wait for the next send_notices")
    finally:
        connections.close_all()
