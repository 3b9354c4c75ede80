"""`/notices/`: browsers that show notices, asked for and ended; the worker that shows them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wellpost.errors import RequestError
from wellpost.server.people.devices import device_of
from wellpost.server.people.session_keys import began

from .pages import NoticesRequest
from .push.browsers import begin, end


@require_POST
@login_required
def begin_push(request: NoticesRequest) -> HttpResponse:
    """Keep what the browser made to be written to."""
    given = {name: request.POST.get(name, "") for name in ("endpoint", "public_key", "secret")}
    device = device_of(request.headers.get("User-Agent", ""))
    try:
        begin(by=request.user, device=device, signed_in_at=began(request.session), **given)
    except RequestError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("This browser shows you from now on that something waits."))
    return redirect("notices:wishes")


@require_POST
@login_required
def end_push(request: NoticesRequest, browser: UUID) -> HttpResponse:
    """Show no more there; 404 where it is none of one's own."""
    if not end(by=request.user, browser=browser):
        raise Http404("You have no such browser.")
    messages.success(request, _("That browser shows you no notices any more."))
    return redirect("notices:wishes")


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that a browser keeps to show notices; fetched anew whoever is signed in."""
    return render(request, "notices/worker.js", content_type="text/javascript; charset=utf-8")
