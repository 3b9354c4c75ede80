"""New passwords by email, sent beside the requests that ask for them.

A request only puts down the address typed, anybody's or nobody's, so neither its answer nor its
time tells which. What was put down is worked off in the background, and again by the rounds of
any process until it went out; a link is made when it is sent, and kept nowhere.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .accounts import address_is_shown
from .mail import mail_new_password
from .models import User, WantedReset

SECONDS = 20
PAUSE = 60
"""Seconds between two letters to one address, however often somebody asks."""
LATER = timedelta(minutes=2)
MOST_ATTEMPTS = 10
A_ROUND = 50
logger = logging.getLogger("wellpost.resets")
_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="resets")


def ask_for_reset(address: str) -> None:
    """Put down that a new password is wanted for the address; the letter follows by itself, by the
    next round where the caller has not committed yet.
    """
    now = timezone.now()
    wanted = WantedReset.objects.create(address=address, asked_at=now, due_at=now)
    send_soon([wanted.pk])


def send_soon(wanted: Sequence[int] | None = None) -> None:
    """Send these, or all that are due, without keeping the caller waiting."""
    if getattr(settings, "NOTICES_AT_ONCE", False):
        send_resets(wanted)
    else:
        _postman.submit(_in_background, wanted)


def send_resets(wanted: Sequence[int] | None = None) -> int:
    """Work off what is due, of these or of all; gives how many letters went out. A fault of the
    mail server leaves it for later.
    """
    due = WantedReset.objects.filter(due_at__lte=timezone.now()).order_by("due_at")
    found = due if wanted is None else due.filter(pk__in=wanted)
    return sum(_worked_off(each) for each in found[:A_ROUND])


def _worked_off(wanted: WantedReset) -> bool:
    """Taken first, so that no other process sends it too; gone when it needs no more trying."""
    held = WantedReset.objects.filter(pk=wanted.pk, attempts=wanted.attempts)
    if not held.update(attempts=F("attempts") + 1, due_at=timezone.now() + LATER):
        return False
    try:
        sent = _sent(wanted.address)
    except Exception as fault:
        # Its words may hold the address; its kind is enough to look into.
        logger.warning("a letter for a new password was not sent: %s", type(fault).__name__)
        WantedReset.objects.filter(pk=wanted.pk, attempts__gte=MOST_ATTEMPTS).delete()
        return False
    WantedReset.objects.filter(pk=wanted.pk).delete()
    return sent


def _sent(address: str) -> bool:
    """To whoever has the address here and has shown that it is theirs."""
    user = User.objects.filter(email__iexact=address, is_active=True).first()
    if user is None or not address_is_shown(user):
        return False
    mark = salted_hmac("wellpost.people.resets", address).hexdigest()
    if cache.get(mark):
        return False
    mail_new_password(user.email, _link(user))
    cache.set(mark, True, PAUSE)
    return True


def _link(user: User) -> str:
    key = {
        "uidb36": user_pk_to_url_str(user),
        "key": app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user),
    }
    path = reverse("account_reset_password_from_key", kwargs=key)
    return settings.SITE_ADDRESS.rstrip("/") + path


class Rounds:
    """What a stopped process or a mail server left unsent is sent by the next round."""

    def __init__(self) -> None:
        self._due = 0.0

    def __call__(self) -> None:
        """One round."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + SECONDS
            send_soon()


def _in_background(wanted: Sequence[int] | None) -> None:
    try:
        send_resets(wanted)
    except Exception:
        logger.exception("letters for new passwords wait for the next round")
    finally:
        connections.close_all()
