"""Browsers that somebody signed in with before: they keep their own count of wrong tries.

A signed cookie holds a number for the browser and, for each account, a hash of the address: it
opens nothing, tells nobody's address, and is worth only a place at the door that strangers who
try the same account cannot take (OWASP, "device cookies").
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

Answer = Callable[[HttpRequest], HttpResponse]

SALT = "wellpost.people.known_devices"
AGE = 365 * 24 * 3600
ACCOUNTS = 20
"""The most that one browser remembers, the last ones used: a desk many people share."""


def known_device(request: HttpRequest, address: str) -> str | None:
    """The number of this browser, where somebody signed in here before with that address."""
    held = _held(request)
    return str(held["device"]) if _mark(address) in held["accounts"] else None


def remember(request: HttpRequest, address: str) -> None:
    """Know this browser from now on: its owner has just shown who they are."""
    request.known_now = address  # type: ignore[attr-defined]  # read by `keep_known`


def keep_known(answer: Answer) -> Answer:
    """Middleware: sends the cookie after a sign-in or a new password."""

    def kept(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if address := getattr(request, "known_now", None):
            _send(request, response, address)
        return response

    return kept


def _send(request: HttpRequest, response: HttpResponse, address: str) -> None:
    held, mark = _held(request), _mark(address)
    accounts = [mark, *(each for each in held["accounts"] if each != mark)][:ACCOUNTS]
    value = signing.dumps({"device": held["device"], "accounts": accounts}, salt=SALT)
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME,
        value,
        max_age=AGE,
        secure=settings.OVER_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _held(request: HttpRequest) -> dict[str, Any]:
    """What the cookie holds; a new number where there is none that we signed."""
    try:
        given = request.COOKIES.get(settings.KNOWN_COOKIE_NAME, "")
        held: dict[str, Any] = signing.loads(given, salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return {"device": secrets.token_hex(8), "accounts": []}
    return held


def _mark(address: str) -> str:
    return salted_hmac(SALT, address.strip().lower(), algorithm="sha256").hexdigest()[:24]
