"""A patient takes their messages home."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from wellpost.server.messaging.access import seat_at, seat_for
from wellpost.server.messaging.correspondence.answering import saved
from wellpost.server.messaging.correspondence.forms import ExportForm
from wellpost.server.messaging.correspondence.making import export
from wellpost.server.messaging.seats import Side
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.people.step_up import still_you_to_open

from .acting import Acting, PortalRequest, acting_for


@login_required
def start(request: PortalRequest, patient_id: UUID) -> HttpResponseBase:
    """The choice; by POST the file."""
    acting = acting_for(request.user, patient_id)
    seat_for(request.user, acting.patient)
    return _start(request, acting)


@still_you_to_open
def _start(request: PortalRequest, acting: Acting) -> HttpResponseBase:
    form = ExportForm(request.POST if request.method == "POST" else None)
    by, side = request.user, Side.PATIENT
    file = None
    if form.is_valid():
        wanted = form.cleaned_data["form"]
        file = form.attempt(lambda: export(by=by, patient=acting.patient, side=side, form=wanted))
    context = {"acting": acting, "form": form, "here": "inbox"}
    return saved(file) if file else render(request, "portal/correspondence.html", context)


@require_POST
@login_required
def thread(request: PortalRequest, thread_id: UUID) -> HttpResponseBase:
    """One conversation as PDF."""
    held = thread_with_parties(thread_id)
    seat_at(request.user, held, Side.PATIENT)
    patient, side = held.patient.surviving, Side.PATIENT
    return saved(export(by=request.user, patient=patient, side=side, form="pdf", only=held.pk))
