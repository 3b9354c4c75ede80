"""What a patient can see about others: who may act for them. Who looked is in `who_looked`."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from wellpost.server.people.permissions import Permission, require
from wellpost.server.people.phases import representatives_ever

from .acting import PortalRequest, acting_for


@login_required
def representatives(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """Everybody who acts, acted or will act for the patient."""
    acting = acting_for(request.user, patient_id)
    require(request.user, Permission.READ_RECORD, acting.patient)
    held = representatives_ever(acting.patient)
    context = {"acting": acting, "representatives": held, "here": "people"}
    return render(request, "portal/representatives.html", context)
