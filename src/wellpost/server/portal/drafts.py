"""What a patient's side has begun to write: kept for the one who wrote it, sealed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellpost.server.messaging import alarms
from wellpost.server.messaging.errors import TamperedError
from wellpost.server.messaging.models import Thread
from wellpost.server.messaging.seats import Side
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import Permission, require
from wellpost.server.routing.drafts import KeptDraft, discard_draft, draft_of, keep_draft

from .acting import PortalRequest, acting_for


@require_POST
@login_required
def of_new(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """The message one has begun, for that patient alone."""
    acting = acting_for(request.user, patient_id)
    require(request.user, Permission.WRITE_MESSAGES, acting.patient)
    return _kept(request, acting.patient)


@require_POST
@login_required
def of_answer(request: PortalRequest, thread_id: UUID) -> HttpResponse:
    """The answer one has begun."""
    return _kept(request, thread_with_parties(thread_id))


def begun(where: Thread | Patient, by: User) -> KeptDraft | None:
    """The draft there; none, with the alarm on record, where it was changed from outside."""
    try:
        return draft_of(where, by)
    except TamperedError as error:
        alarms.sound(error, by)
        return None


def _kept(request: PortalRequest, where: Thread | Patient) -> HttpResponse:
    by, fields = request.user, request.POST.dict()
    draft = keep_draft(where=where, by=by, fields=fields, side=Side.PATIENT)
    if "HX-Request" in request.headers:
        zone = where.practice.time_zone
        return render(request, "messaging/kept.html", {"draft": draft, "time_zone": zone})
    if request.POST.get("draft") == "discard":
        discard_draft(where=where, by=by)
        messages.success(request, _("The draft is deleted."))
    elif draft:
        messages.success(request, _("The draft is kept. Only you can see it. Files are not kept."))
    page = "portal:thread" if isinstance(where, Thread) else "portal:write_for"
    return redirect(page, where.pk)
