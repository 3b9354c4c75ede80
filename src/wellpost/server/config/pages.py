"""The start page: it sends everybody to where they belong."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from wellpost.server.people.models import User
from wellpost.server.people.queries import acting_patients, works_anywhere

PORTAL = "/portal/"
CLINIC = "/clinic/"


class SignedInRequest(HttpRequest):
    """A request of somebody signed in."""

    user: User


@require_POST
@login_required
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody is still at the keys; the middleware has noted it."""
    return HttpResponse(status=204)


@login_required
def home(request: SignedInRequest) -> HttpResponse:
    """To the clinic, to the portal, or a choice for one who belongs to both."""
    works, cares_for = works_anywhere(request.user), bool(acting_patients(request.user))
    if works and cares_for:
        return render(request, "config/choose.html", {"portal": PORTAL, "clinic": CLINIC})
    return redirect(CLINIC if works else PORTAL)
