"""The browsers that show notices: somebody asks in one, and ends it there or anywhere."""

from __future__ import annotations

import base64
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.db.models import QuerySet

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import User

from ..models import PushBrowser, Wishes
from .wire import check_endpoint

MOST = 5
"""Browsers of one person."""


def browsers_of(user: User) -> QuerySet[PushBrowser]:
    """The browsers that show the user's notices, the newest first."""
    return PushBrowser.objects.filter(user=user).order_by("-asked_at")


@transaction.atomic
def begin(
    *,
    by: User,
    endpoint: str,
    public_key: str,
    secret: str,
    device: str,
    signed_in_at: datetime | None = None,
) -> PushBrowser:
    """Show notices to `by` in the browser of that push address from now on, or until the sign-in
    that began at `signed_in_at` is ended.

    `public_key` (a point on P-256) and `secret` (16 bytes), in base64url, are what the browser
    made to be written to (RFC 8291). RequestError for what no browser gives, and above MOST.
    """
    check_endpoint(endpoint)
    _check_keys(public_key, secret)
    for before in PushBrowser.objects.filter(endpoint=endpoint).exclude(user=by):
        gone(before)  # somebody else used this browser
    held = PushBrowser.objects.filter(user=by, endpoint=endpoint).first()
    if held is None and browsers_of(by).count() >= MOST:
        raise RequestError(f"Notices are shown in {MOST} browsers at most. End one of them first.")
    held = held or PushBrowser(user=by, endpoint=endpoint)
    held.public_key, held.secret, held.device = public_key, secret, device[:60]
    held.asked_at, held.signed_in_at = clock.now(), signed_in_at
    held.save()
    _wish(by)
    record(by=by, deed=Deed.PUSH_BEGUN, target=held)
    return held


@transaction.atomic
def end(*, by: User, browser: UUID) -> bool:
    """Show none there any more; whether it was one of `by`."""
    held = browsers_of(by).filter(pk=browser).first()
    if held is None:
        return False
    record(by=by, deed=Deed.PUSH_ENDED, target=held)
    held.delete()
    _wish(by)
    return True


@transaction.atomic
def end_with_sign_ins(
    user: User, ended: Collection[datetime] | None, kept: datetime | None
) -> None:
    """Show none any more where sign-ins were ended: those that began at `ended`; or (None) wherever
    the user asked for it but in the one that began at `kept`.
    """
    some = browsers_of(user)
    if ended is not None:
        some = some.filter(signed_in_at__in=ended)
    elif kept is not None:
        some = some.exclude(signed_in_at=kept)
    for each in some:
        _end(each, user, {"with_sign_in": True})


@transaction.atomic
def gone(browser: PushBrowser) -> None:
    """Its push service knows it no more."""
    _end(browser, None, {"gone": True})


def _end(browser: PushBrowser, by: User | None, details: dict[str, bool]) -> None:
    """Nobody chose it, so email steps in where no other way is left."""
    record(by=by, deed=Deed.PUSH_ENDED, target=browser, details=details)
    browser.delete()
    held = _wish(browser.user)
    if not (held.by_push or held.by_email or (held.by_sms and held.phone_shown_at)):
        held.by_email = True
        held.save(update_fields=["by_email"])


def _wish(user: User) -> Wishes:
    """Push is wished for as long as there is a browser for it."""
    held, _ = Wishes.objects.select_for_update().get_or_create(user=user)
    held.by_push = browsers_of(user).exists()
    held.save(update_fields=["by_push"])
    return held


def _check_keys(public_key: str, secret: str) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(public_key))
        good = len(decoded(secret)) == 16
    except ValueError:
        good = False
    if not good:
        raise RequestError(
            "This browser gave no key that notices can be written under: it must be a point on "
            "P-256 and 16 bytes, in base64url."
        )


def decoded(text: str) -> bytes:
    """Base64url without its padding; ValueError for anything else."""
    if len(text) > 100:
        raise ValueError("longer than any key of a browser")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
