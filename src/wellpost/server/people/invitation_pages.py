"""`/invitation/`: from a code and a date of birth to an account."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wellpost.errors import RequestError

from .actions import open_invitation, take_up_invitation
from .forms import AccountForm, CodeForm
from .invitations import account_for, address_of, hidden_account
from .models import Invitation, User

OPENED = "opened_invitation"
MINUTES_TO_FINISH = 30


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Ask for the code and the date of birth; both right: on to the account."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if too_many(request, "invitation"):
            form.add_error(None, _("Too many tries. Wait a minute, then try again."))
        elif _opens(request, form):
            return redirect("invitation_account")
    return render(request, "people/invitation.html", {"form": form})


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Take the opened invitation up with a new account, or with the one signed in to."""
    opened = _opened(request)
    if opened is None:
        messages.info(request, _("Enter the code of your invitation first."))
        return redirect("invitation")
    if isinstance(request.user, User):
        return _link(request, opened, request.user)
    form = AccountForm(request.POST or None, initial={"email": address_of(opened)})
    if form.is_valid() and (answer := _open(request, opened, form)):
        request.session.pop(OPENED)
        return answer
    return render(request, "people/account.html", {"form": form})


def enter(request: HttpRequest, user: User) -> HttpResponse:
    """Sign the new account in, by way of whatever it has to show first. The password was typed
    just now, so it is not asked for again before the second factor is set up.
    """
    record_authentication(request, user, method="password")
    answer: HttpResponse = perform_login(request, user, redirect_url="/")
    return answer


def too_many(request: HttpRequest, action: str) -> bool:
    """Whether this address has tried too often within a minute (ACCOUNT_RATE_LIMITS)."""
    return not ratelimit.consume(request, action=action)


def _opens(request: HttpRequest, form: CodeForm) -> bool:
    given = form.cleaned_data
    try:
        opened = open_invitation(code=given["code"], birth_on=given["birth_on"])
    except RequestError as error:
        form.add_error(None, str(error))
        return False
    request.session.cycle_key()
    request.session[OPENED] = {"id": str(opened.pk), "at": int(time.time())}
    return True


def _opened(request: HttpRequest) -> Invitation | None:
    held = request.session.get(OPENED)
    if not held or time.time() - held["at"] > MINUTES_TO_FINISH * 60:
        return None
    return Invitation.objects.select_related("patient", "representative").get(pk=held["id"])


def _open(request: HttpRequest, opened: Invitation, form: AccountForm) -> HttpResponse | None:
    """In with a new account. Where the address has one that it was not sent to, the page is the
    same as for a new address (asking for the code sent there), and its owner gets a letter.
    """
    email, password = form.cleaned_data["email"], form.cleaned_data["password"]
    try:
        if hidden_account(opened, email, password):
            answer: HttpResponse = prevent_enumeration(request, email=email.strip().lower())
            return answer
        return enter(request, _new_account(opened, form))
    except RequestError as error:
        form.add_error(None, str(error))
        return None


def _new_account(opened: Invitation, form: AccountForm) -> User:
    with transaction.atomic():
        user = account_for(opened, **form.cleaned_data)
        take_up_invitation(invitation=opened, user=user)
    return user


def _link(request: HttpRequest, opened: Invitation, user: User) -> HttpResponse:
    if request.method != "POST":
        return render(request, "people/link.html")
    request.session.pop(OPENED)
    try:
        take_up_invitation(invitation=opened, user=user)
    except RequestError as error:
        messages.error(request, str(error))
        return redirect("invitation")
    messages.success(request, _("Done. What waited for you is here."))
    return redirect("/portal/")
