"""The apps that can read a record: which, what, since when, and a way to end it at once."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellpost.server.people.models import Patient
from wellpost.server.people.permissions import same_person
from wellpost.server.smart.actions import disconnect
from wellpost.server.smart.models import App
from wellpost.server.smart.queries import connected
from wellpost.server.smart.words import in_order, labels

from .acting import PortalRequest, acting_for


@login_required
def apps(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """Every app that can read the record today."""
    acting = acting_for(request.user, patient_id)
    rows = [
        {"at": each, "labels": labels(in_order(each.scopes))}
        for each in connected(acting.patient, request.user)
    ]
    context = {"acting": acting, "rows": rows, "here": "apps"}
    return render(request, "portal/apps.html", context)


@login_required
@require_POST
def end(request: PortalRequest, patient_id: UUID, app_id: int) -> HttpResponse:
    """One touch: the app reads nothing more from this moment."""
    acting = acting_for(request.user, patient_id)
    records = Patient.objects.filter(same_person(acting.patient.pk))
    held = App.objects.filter(connections__patient__in=records).distinct()
    app = get_object_or_404(held, pk=app_id)
    disconnect(app=app, patient=acting.patient, by=request.user, records=records)
    messages.success(
        request, _("%(app)s can read nothing more from this moment.") % {"app": app.name}
    )
    return redirect("portal:apps", acting.patient.pk)
