"""Emergency access to one patient, for who works here and may not read otherwise."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellpost.server.messaging.access import seat_in
from wellpost.server.messaging.emergency import begin_emergency, end_emergency
from wellpost.server.people.models import Patient
from wellpost.server.people.permissions import Permission, emergency_of
from wellpost.server.people.queries import patient_for
from wellpost.server.people.step_up import still_you_to_open

from .desk import ClinicRequest, Desk, at_desk
from .forms.emergency import ReasonForm


def may_use_emergency(desk: Desk) -> bool:
    """Whether emergency access lets this user read anything more."""
    allowed = desk.may(Permission.USE_EMERGENCY_ACCESS)
    return allowed and not seat_in(desk.user, desk.practice).keeps_pool


@at_desk(Permission.USE_EMERGENCY_ACCESS)
@still_you_to_open
def emergency(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Say why, and read; where it is open, until when."""
    found = patient_for(request.user, patient_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _begun(request, found, form):
        messages.warning(request, _("Emergency access is open. Every reading is on record."))
        return redirect("clinic:patient", found.surviving.pk)
    context = {
        "form": form,
        "patient": found,
        "needed": may_use_emergency(request.desk),
        "open": emergency_of(request.user, found.pk),
        "minutes": settings.EMERGENCY_MINUTES,
    }
    return render(request, "clinic/emergency.html", context)


@require_POST
@at_desk(Permission.USE_EMERGENCY_ACCESS)
def end(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """End it before its time; where it has ended by itself, say so as well."""
    found = patient_for(request.user, patient_id)
    if emergency_of(request.user, found.pk):
        end_emergency(patient=found, by=request.user)
    messages.success(request, _("Emergency access has ended."))
    return redirect("clinic:patient", found.surviving.pk)


def _begun(request: ClinicRequest, found: Patient, form: ReasonForm) -> bool:
    by, reason = request.user, form.cleaned_data["reason"]
    return bool(form.attempt(lambda: begin_emergency(patient=found, by=by, reason=reason)))
