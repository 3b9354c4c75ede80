"""A patient looks for something in their messages."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from wellpost.server.messaging.access import seat_for
from wellpost.server.messaging.search.finding import search
from wellpost.server.messaging.search.forms import SearchForm
from wellpost.server.messaging.seats import Side

from .acting import PortalRequest, acting_for


@login_required
def start(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """The form; by POST what is found."""
    acting = acting_for(request.user, patient_id)
    seat_for(request.user, acting.patient)
    form = SearchForm(request.POST if request.method == "POST" else None)
    by, side = request.user, Side.PATIENT
    results = None
    if form.is_valid():
        asked, page = form.asked, form.page
        results = form.attempt(
            lambda: search(by=by, patient=acting.patient, side=side, asked=asked, page=page)
        )
    context = {
        "acting": acting,
        "form": form,
        "results": results,
        "previous": form.page - 1 if results else 0,
        "following": form.page + 1 if results else 0,
        "here": "inbox",
    }
    return render(request, "portal/search.html", context)
