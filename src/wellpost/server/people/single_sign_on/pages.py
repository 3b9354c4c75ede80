"""`/account/single-sign-on/`: to the practice's own sign-in and back."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from typing import Any, NamedTuple
from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import perform_login
from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed

from ..models import User
from ..session_keys import PROVED_BY_PROVIDER, SIGNED_ON
from .errors import NotSignedOnError
from .holding import keep, longest
from .matching import user_of
from .provider import Provider, exchange, in_use, provider
from .tokens import Identity, has_second_factor, identity

STATES = "single_sign_on"
SECONDS = 600
AT_ONCE = 5
METHOD = "single_sign_on"


class Going(NamedTuple):
    """Somebody on the way to the provider, held in the session under the state sent along."""

    nonce: str
    verifier: str
    on: str
    again: bool
    at: float


@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Off to the provider."""
    return _off(request, again=False)


@require_GET
@login_required
def begin_again(request: HttpRequest) -> HttpResponse:
    """Off to the provider, to show there once more who one is."""
    return _off(request, again=True)


@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider: in, or a page that says why not, the same for nearly all reasons."""
    _check_in_use()
    try:
        going = _take(request)
        read = _read(request, going)
        return _proved(request, read, going) if going.again else _in(request, read, going)
    except NotSignedOnError as refused:
        return _refused(request, refused.why)


def _off(request: HttpRequest, *, again: bool) -> HttpResponse:
    _check_in_use()
    if not consume(request, app="allauth.account", action="single_sign_on", limit_get=True):
        return _refused(request, "too_many")
    try:
        found = provider()
    except NotSignedOnError as refused:
        return _refused(request, refused.why)
    state, going = _start(request, again)
    return redirect(f"{found.authorization}?{urlencode(_asked(going, state))}")


def _asked(going: Going, state: str) -> dict[str, Any]:
    challenge = hashlib.sha256(going.verifier.encode()).digest()
    return {
        "response_type": "code",
        "client_id": in_use().client_id,
        "redirect_uri": _back_address(),
        "scope": "openid email",
        "state": state,
        "nonce": going.nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        **({"prompt": "login", "max_age": "0"} if going.again else {"max_age": longest()}),
    }


def _start(request: HttpRequest, again: bool) -> tuple[str, Going]:
    on = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(on, {request.get_host()}, request.is_secure())
    state = secrets.token_urlsafe(32)
    going = Going(
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(64),
        on=on if safe else reverse("home"),
        again=again,
        at=time.time(),
    )
    held = dict(list(request.session.get(STATES, {}).items())[1 - AT_ONCE :])
    request.session[STATES] = {**held, state: list(going)}
    return state, going


def _take(request: HttpRequest) -> Going:
    """What was sent off with this state, once: a second answer with it finds nothing."""
    held = dict(request.session.get(STATES, {}))
    found = held.pop(request.GET.get("state", ""), None)
    if found is None:
        raise NotSignedOnError("unknown_state")
    request.session[STATES] = held
    request.session.save()
    going = Going(*found)
    if time.time() - going.at > SECONDS:
        raise NotSignedOnError("too_late")
    return going


def _read(request: HttpRequest, going: Going) -> Identity:
    found = provider()
    _check_answer(request, found)
    tokens = exchange(
        found, code=request.GET["code"], verifier=going.verifier, back=_back_address()
    )
    return identity(found, tokens, nonce=going.nonce, again=going.again)


def _check_answer(request: HttpRequest, found: Provider) -> None:
    said = request.GET.get("iss")
    if said != found.issuer and (said is not None or found.says_issuer):
        raise NotSignedOnError("wrong_issuer")
    if "code" not in request.GET:
        cancelled = request.GET.get("error") == "access_denied"
        raise NotSignedOnError("cancelled" if cancelled else "provider_refused")


def _in(request: HttpRequest, read: Identity, going: Going) -> HttpResponse:
    """Sign in, by way of our own second factor unless the provider asked for one."""
    user = user_of(read)
    if request.user.is_authenticated and request.user != user:
        logout(request)  # to sign in over somebody else would throw away what is noted here
    keep(request, read, user)
    if has_second_factor(read):
        request.session[PROVED_BY_PROVIDER] = str(user.pk)
    record_authentication(request, user, method=METHOD)
    answer: HttpResponse = perform_login(
        request, user, email_verification="none", redirect_url=going.on
    )
    return answer


def _proved(request: HttpRequest, read: Identity, going: Going) -> HttpResponse:
    """It is still the one who is signed in; on with what was asked."""
    if user_of(read) != request.user:
        raise NotSignedOnError("somebody_else")
    if SIGNED_ON in request.session:
        keep(request, read, request.user)
    record_authentication(request, request.user, method=METHOD, reauthenticated=True)
    request.GET = QueryDict(urlencode({"next": going.on}))
    answer: HttpResponse | None = resume_request(request)
    return answer or redirect(going.on)


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    """On record with the reason; the page names it only where it is nobody's secret."""
    details = {"way": METHOD, "why": why}
    by = request.user if isinstance(request.user, User) else None
    record(by=by, deed=Deed.SIGN_IN_FAILED, outcome="refused", details=details)
    return render(request, "people/not_signed_on.html", {"said": _said(why)}, status=403)


def _said(why: str) -> str:
    if why == "cancelled":
        return _("You stopped it there. Nothing has happened.")
    if why in {"provider_unreachable", "provider_incomplete", "wrong_issuer"}:
        return _("It does not answer as it should just now. Try again in a minute.")
    if why == "signed_in_too_long_ago":
        return _("Your sign-in there is too old. Sign out there, and begin once more.")
    if why in {"unknown_state", "too_late", "too_many"}:
        return _("It took too long, or was begun in another window. Begin once more.")
    return _(
        "It opens no account here. It is for those who work at a practice, under the email address "
        "the practice knows. Ask your administrator."
    )


def _check_in_use() -> None:
    if not in_use().issuer:
        raise Http404


def _back_address() -> str:
    return settings.SITE_ADDRESS.rstrip("/") + reverse("single_sign_on_back")
