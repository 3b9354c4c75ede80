"""The practice takes a patient's correspondence out of the server: for the patient, or a court."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import render

from wellpost.server.messaging.correspondence.answering import saved
from wellpost.server.messaging.correspondence.forms import ExportForm
from wellpost.server.messaging.correspondence.making import export
from wellpost.server.messaging.seats import Side
from wellpost.server.people.permissions import Permission
from wellpost.server.people.queries import patient_for
from wellpost.server.people.step_up import still_you_to_open

from .desk import ClinicRequest, at_desk


@at_desk(Permission.EXPORT_CORRESPONDENCE)
@still_you_to_open
def start(request: ClinicRequest, patient_id: UUID) -> HttpResponseBase:
    """The choice; by POST the file."""
    found = patient_for(request.user, patient_id).surviving
    form = ExportForm(request.POST if request.method == "POST" else None)
    by, side = request.user, Side.PRACTICE
    file = None
    if form.is_valid():
        wanted = form.cleaned_data["form"]
        file = form.attempt(lambda: export(by=by, patient=found, side=side, form=wanted))
    if file:
        return saved(file)
    return render(request, "clinic/correspondence.html", {"patient": found, "form": form})
