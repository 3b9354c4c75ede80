"""`/invitation/member/`: somebody of a practice sets the password of their account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wellpost.errors import RequestError

from .actions import take_up_member_invitation
from .forms import MemberForm
from .invitation_pages import enter, too_many
from .models import User


@require_http_methods(["GET", "POST"])
def member_invitation(request: HttpRequest) -> HttpResponse:
    """Ask for the code and a password; then sign in, and on to the second factor."""
    form = MemberForm(request.POST or None)
    if form.is_valid():
        if too_many(request, "member_invitation"):
            form.add_error(None, _("Too many tries. Wait a minute, then try again."))
        elif user := _open(form):
            return enter(request, user)
    return render(request, "people/member_invitation.html", {"form": form})


def _open(form: MemberForm) -> User | None:
    given = form.cleaned_data
    try:
        return take_up_member_invitation(code=given["code"], password=given["password"])
    except RequestError as error:
        form.add_error(None, str(error))
        return None
