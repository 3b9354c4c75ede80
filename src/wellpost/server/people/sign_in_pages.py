"""`/account/sign-ins/`: where one is signed in, and ending it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from wellpost.errors import RequestError

from .models import User
from .sign_ins import end_other_sign_ins, end_sign_in, sign_ins_of
from .step_up import still_you


@require_GET
@login_required
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Every device one is signed in on, this one first."""
    rows = sign_ins_of(_user(request), _here(request))
    return render(request, "people/sign_ins.html", {"rows": rows, "others": len(rows) > 1})


@require_POST
@login_required
@still_you
def end(request: HttpRequest) -> HttpResponse:
    """End one of them, at once."""
    try:
        end_sign_in(by=_user(request), reference=request.POST.get("sign_in", ""))
        messages.success(request, _("Ended. Nothing opens there until somebody signs in again."))
    except RequestError as refusal:
        messages.info(request, str(refusal))
    return redirect("sign_ins")


@require_POST
@login_required
@still_you
def end_others(request: HttpRequest) -> HttpResponse:
    """End all but this one, at once."""
    ended = end_other_sign_ins(by=_user(request), here=_here(request))
    said = ngettext("%(count)s sign-in has ended.", "%(count)s sign-ins have ended.", ended)
    messages.success(request, said % {"count": ended})
    return redirect("sign_ins")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "behind login_required"  # noqa: S101 - for the types
    return request.user


def _here(request: HttpRequest) -> str:
    return request.session.session_key or ""
