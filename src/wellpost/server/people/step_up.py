"""Before what weighs much, one shows once more that it is oneself, unless one did so just now.

A page that is opened leads over the account's own question and back. A form that was filled in
meanwhile is asked on the spot: what was typed stays in the page, never on the server, and goes
with the proof. Who proves it otherwise (a passkey, the practice's own sign-in) does so in another
tab, and sends the form again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from .code_forms import CodeAgainForm
from .models import User
from .recent import proved_within

View = Callable[..., HttpResponseBase]

PASSWORD, CODE = "still_you_password", "still_you_code"
ASKED = "still_you"
"""Marks a form that comes from the question: an empty proof is then told so."""
_OURS = frozenset({PASSWORD, CODE, ASKED, "csrfmiddlewaretoken"})
_TYPED = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]


def still_you(view: View) -> View:
    """The deed, for one who showed who they are within STEP_UP_MINUTES; else the question first.

    Only what is sent is asked about: the page itself may be read. For forms without files: those
    cannot stay in a page. Stands inside what decides who may.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or is_recent(request):
            return view(request, *args, **kwargs)
        fault = _fault(request)
        if fault is None:
            return view(_as_typed(request), *args, **kwargs)
        return ask(request, fault)

    return asked


def still_you_to_open(view: View) -> View:
    """The same for a page that is nothing but such a form: asked before anything is typed."""
    deed = still_you(view)

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" or is_recent(request):
            return deed(request, *args, **kwargs)
        raise ReauthenticationRequired

    return asked


def is_recent(request: HttpRequest) -> bool:
    """Whether this session's user signed in, or showed it again, within STEP_UP_MINUTES."""
    return proved_within(request, settings.STEP_UP_MINUTES * 60)


def ask(request: HttpRequest, fault: str = "") -> HttpResponse:
    """The question, with all that was typed hidden in it."""
    user = request.user
    context = {
        "fault": fault,
        "kept": [(name, value) for name, some in _typed(request).lists() for value in some],
        "by_password": isinstance(user, User) and user.has_usable_password(),
        "by_code": is_mfa_enabled(user, types=_TYPED),
        "otherwise": _otherwise(request),
        "names": {"password": PASSWORD, "code": CODE, "asked": ASKED},
    }
    return render(request, "people/still_you.html", context, status=403)


def _otherwise(request: HttpRequest) -> list[dict[str, str]]:
    """The ways that are not typed, each in a tab of its own."""
    back = urlencode({"next": reverse("step_up_shown")})
    typed = {"reauthenticate", "mfa_reauthenticate"}
    ways: list[dict[str, str]] = get_adapter().get_reauthentication_methods(request.user)
    return [
        {"address": f"{each['url']}?{back}", "says": each["description"]}
        for each in ways
        if each["id"] not in typed
    ]


def _fault(request: HttpRequest) -> str | None:
    """None when the proof is right; else what is wrong with it, empty where none was given."""
    password, code = request.POST.get(PASSWORD, ""), request.POST.get(CODE, "")
    if not password and not code:
        again = ASKED in request.POST
        return _("That did not show it yet. Type one of them, then continue.") if again else ""
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        return _("Too many tries. Wait a minute, then try again.")
    right = _right_password(request, password) if password else _right_code(request, code)
    return None if right else _("That is not right. Nothing you typed before is lost.")


def _right_password(request: HttpRequest, password: str) -> bool:
    try:
        right: bool = get_adapter().reauthenticate(request.user, password)
    except ValidationError:  # too many tries, counted as at the sign-in
        return False
    if right:
        reauthenticate_by_password(request)
    return right


def _right_code(request: HttpRequest, code: str) -> bool:
    form = CodeAgainForm({"code": code}, user=request.user)
    if not form.is_valid():
        return False
    form.save()
    return True


def _typed(request: HttpRequest) -> QueryDict:
    kept = request.POST.copy()
    for name in _OURS & set(kept):
        del kept[name]
    return kept


def _as_typed(request: HttpRequest) -> HttpRequest:
    """The request as it was before the question."""
    request.POST = _typed(request)  # type: ignore[assignment]  # a form as any
    return request
