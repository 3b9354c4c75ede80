"""Sessions end by themselves: after idle minutes, and after the longest a session may last."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import User
from wellpost.server.people.session_keys import BEGAN, SEEN
from wellpost.server.people.single_sign_on.holding import is_over as is_over_there
from wellpost.server.people.working_at import works

Answer = Callable[[HttpRequest], HttpResponse]

FOR_APPS = tuple(f"/smart/{each}/" for each in ("token", "revoke", "introspect", "register"))
PUBLIC = (
    "/account/",
    "/static/",
    "/invitation/",
    "/demo/",
    "/fhir/",
    "/shared/",
    "/set-up/",
    *FOR_APPS,
)
"""What answers one who is not signed in itself: with a page for everybody, or, to programs, 401."""
GRAIN = 30
"""Seconds between two notes of when somebody was last seen; it ends sessions early, never late."""
SECRETS = ("csrfmiddlewaretoken", "password", "code", "key", "credential")


def time_out(answer: Answer) -> Answer:
    """Middleware: ends sessions by the real clock, and brings one back to where one was."""

    def timed(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and (why := _why_over(request)):
            _end(request)
            if not request.path.startswith(PUBLIC):
                return _sign_in_again(request, why)
        elif request.user.is_authenticated:
            _note(request)
        elif request.method == "POST" and not request.path.startswith(PUBLIC):
            return _sign_in_again(request, _idle())
        return answer(request)

    return timed


def idle_seconds(request: HttpRequest) -> int:
    """How long this user may be idle."""
    return 60 * (settings.STAFF_IDLE_MINUTES if works(request) else settings.PATIENT_IDLE_MINUTES)


def _why_over(request: HttpRequest) -> str:
    """Why the session is over; nothing while it is not."""
    if is_over_there(request):
        return _("It is some time since you signed in with the practice's account. Do so again.")
    return _idle() if _is_over(request) else ""


def _idle() -> str:
    return _("You were signed out since nothing was done for a while.")


def _is_over(request: HttpRequest) -> bool:
    now = time.time()
    if now - request.session.get(BEGAN, now) > settings.LONGEST_SESSION_HOURS * 3600:
        return True
    idle: float = now - request.session.get(SEEN, now)
    surely_in_time = 60 * min(settings.STAFF_IDLE_MINUTES, settings.PATIENT_IDLE_MINUTES) - GRAIN
    return idle > surely_in_time and idle > idle_seconds(request) - GRAIN


def _note(request: HttpRequest) -> None:
    """A page that asks by itself, every minute, is nobody at the keys: it does not count."""
    now = int(time.time())
    request.session.setdefault(BEGAN, now)
    asks_by_itself = request.method == "GET" and "HX-Request" in request.headers
    stale = now - request.session.get(SEEN, 0) > GRAIN
    if SEEN not in request.session or (stale and not asks_by_itself):
        request.session[SEEN] = now


def _end(request: HttpRequest) -> None:
    record(by=_user(request), deed=Deed.SESSION_TIMED_OUT)
    request.session.flush()
    request.user = AnonymousUser()


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _sign_in_again(request: HttpRequest, why: str) -> HttpResponse:
    address = f"{reverse('account_login')}?{urlencode({'next': _way_back(request)})}"
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    if request.method == "POST":
        written = {"address": address, "written": _written(request), "why": why}
        return render(request, "config/timed_out.html", written, status=403)
    messages.info(request, why)
    return redirect(address)


def _way_back(request: HttpRequest) -> str:
    """The page that was open: for a form, the page it stands on."""
    if request.method == "GET" and "HX-Request" not in request.headers:
        return request.get_full_path()
    before = urlsplit(request.headers.get("Referer", ""))
    here = before.netloc == request.get_host() and before.path
    return f"{before.path}{'?' if before.query else ''}{before.query}" if here else reverse("home")


def _written(request: HttpRequest) -> list[str]:
    """What somebody typed at length, to be shown back and copied; it is kept nowhere."""
    return [
        value
        for name, value in request.POST.items()
        if isinstance(value, str)
        and " " in value.strip()
        and not any(secret in name for secret in SECRETS)
    ]
