"""Keeping what was typed: by itself while one types, and by a button."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellpost.server.messaging.models import Thread
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.people.models import Patient
from wellpost.server.people.permissions import Permission
from wellpost.server.people.queries import patient_for
from wellpost.server.routing.drafts import discard_draft, keep_draft

from .desk import ClinicRequest, at_desk


@require_POST
@at_desk(Permission.WRITE_MESSAGES)
def in_thread(request: ClinicRequest, thread_id: UUID) -> HttpResponse:
    """The answer one has begun."""
    held = thread_with_parties(thread_id)
    return _kept(request, held, reverse("clinic:thread", args=[held.pk]))


@require_POST
@at_desk(Permission.WRITE_MESSAGES)
def to_patient(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """The message one has begun to a patient."""
    patient = patient_for(request.user, patient_id).surviving
    return _kept(request, patient, f"{reverse('clinic:write')}?patient={patient.pk}")


def _kept(request: ClinicRequest, where: Thread | Patient, back: str) -> HttpResponse:
    draft = keep_draft(where=where, by=request.user, fields=request.POST.dict())
    if request.POST.get("draft") == "discard":
        discard_draft(where=where, by=request.user)
        messages.success(request, _("The draft is deleted."))
        return redirect(back)
    if "HX-Request" in request.headers:
        zone = request.desk.practice.time_zone
        return render(request, "messaging/kept.html", {"draft": draft, "time_zone": zone})
    messages.success(request, _("The draft is kept. Only you can see it."))
    return redirect(back)
