"""`/account/single-sign-on/ended/`: the provider tells that somebody is signed in there no more.

OpenID Connect Back-Channel Logout 1.0. What comes is believed by its signature alone.
"""

from __future__ import annotations

from hashlib import sha256

from allauth.core.internal.ratelimit import consume
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed

from ..sign_ins import end_sign_ins_from_there
from .errors import NotSignedOnError
from .holding import digest
from .logout_token import REMEMBERED, Ended, read_logout
from .provider import in_use, provider


@csrf_exempt
@require_POST
def ended(request: HttpRequest) -> HttpResponse:
    """200 once the sign-ins are ended, also where there were none; else 400 (section 2.8)."""
    if not in_use().issuer:
        raise Http404
    if not consume(request, app="allauth.account", action="single_sign_on_ended"):
        return _no(429)
    try:
        _end(read_logout(provider(), request.POST.get("logout_token", "")))
    except NotSignedOnError as refused:
        _record(request, refused.why)
        return _no(400)
    return HttpResponse(headers={"Cache-Control": "no-store"})


@transaction.atomic
def _end(told: Ended) -> None:
    _require_new(told)
    end_sign_ins_from_there(
        subject=digest(told.issuer, told.subject), session=digest(told.issuer, told.session)
    )


def _require_new(told: Ended) -> None:
    """A token once; remembered for longer than one is taken."""
    mark = sha256(f"{told.issuer}\n{told.number}".encode()).hexdigest()
    if not cache.add(f"ended_there:{mark}", True, REMEMBERED):
        raise NotSignedOnError("seen_before")


def _record(request: HttpRequest, why: str) -> None:
    """Anybody may post here, and fills the record no faster than by wrong passwords."""
    if consume(request, app="allauth.account", action="single_sign_on_refused"):
        details = {"way": "back_channel_logout", "why": why}
        record(by=None, deed=Deed.REFUSED, outcome="refused", details=details)


def _no(status: int) -> HttpResponse:
    said = {"error": "invalid_request"}
    return JsonResponse(said, status=status, headers={"Cache-Control": "no-store"})
