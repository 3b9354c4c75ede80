"""Whether somebody is told of one conversation; it shows in their inbox all the same."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wellpost.server.messaging.access import seat_at
from wellpost.server.messaging.seats import Side
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.notices.wishing import is_muted, mute, unmute

from .acting import PortalRequest, acting_for


@require_http_methods(["GET", "POST"])
@login_required
def muting(request: PortalRequest, thread_id: UUID) -> HttpResponse:
    """See whether it is muted; mute it, or be told again."""
    thread = thread_with_parties(thread_id)
    seat_at(request.user, thread, Side.PATIENT)
    muted = is_muted(request.user, thread.pk)
    if request.method == "POST":
        about = {"patient_id": thread.patient_id, "practice_id": thread.practice_id}
        (unmute if muted else mute)(by=request.user, thread=thread.pk, **about)
        messages.success(
            request,
            _("We tell you again when something new is in this conversation.")
            if muted
            else _("We no longer tell you of this conversation. It stays in your messages."),
        )
        return redirect("portal:thread", thread.pk)
    acting = acting_for(request.user, thread.patient_id)
    context = {"acting": acting, "thread_id": thread.pk, "muted": muted, "here": "thread"}
    return render(request, "portal/muting.html", context)
