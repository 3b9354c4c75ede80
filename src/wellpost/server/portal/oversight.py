"""What a patient can see about others: who may act for them, and who looked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.queries import page_of, rows_of_patient
from wellpost.server.people.models import Patient
from wellpost.server.people.on_record import named
from wellpost.server.people.permissions import Permission, require, same_person
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


@login_required
def activity(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """Who looked: what the practice did, and every message; looking is put on record as well.

    What the patient's side did with the record stands in the log, and only there.
    """
    acting = acting_for(request.user, patient_id)
    require(request.user, Permission.READ_RECORD, acting.patient)
    records = Patient.objects.filter(same_person(acting.patient.pk)).values_list("pk", flat=True)
    rows = rows_of_patient(list(records)).exclude(target_kind="portalaction")
    page = page_of(rows, request.GET.get("page"))
    record(by=request.user, deed=Deed.AUDIT_READ, patient_id=acting.patient.pk)
    context: dict[str, Any] = {"acting": acting, "page": page, "rows": named(page.object_list)}
    return render(request, "portal/activity.html", {**context, "here": "log"})
