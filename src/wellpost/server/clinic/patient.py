"""One patient: how to reach them, who acts for them, when they were seen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time
from wellpost.server.messaging.paging import page_asked
from wellpost.server.messaging.queries import PAGE_SIZE, inbox
from wellpost.server.people import actions
from wellpost.server.people.models import Invitation, Patient, Proof
from wellpost.server.people.permissions import Permission, emergency_of, same_person
from wellpost.server.people.phases import representatives_ever
from wellpost.server.people.queries import patient_for
from wellpost.server.records.models import Encounter

from .desk import ClinicRequest, at_desk
from .emergency import may_use_emergency
from .forms.patients import PatientForm

KNOWN = ("given_name", "family_name", "birth_on", "email", "phone", "address")


@at_desk(Permission.LIST_PATIENTS)
def patient(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """The page of a patient; a merged record leads to the one that is kept."""
    found = patient_for(request.user, patient_id)
    if found.merged_into_id:
        return redirect("clinic:patient", found.merged_into_id)
    record(by=request.user, deed=Deed.PATIENT_READ, target=found, patient_id=found.pk)
    return render(request, "clinic/patient.html", _context(request, found))


@at_desk(Permission.ADD_PATIENT)
def change(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Change names, birth and how to reach the patient."""
    found = patient_for(request.user, patient_id)
    form = PatientForm(request.POST or None, initial={each: getattr(found, each) for each in KNOWN})
    if request.method == "POST" and form.is_valid():
        by = request.user
        if form.attempt(lambda: actions.change_patient(patient=found, by=by, **form.cleaned_data)):
            messages.success(request, _("The changes are kept."))
            return redirect("clinic:patient", found.pk)
    return render(request, "clinic/patient_form.html", {"form": form, "patient": found})


def _context(request: ClinicRequest, found: Patient) -> dict[str, Any]:
    records = Patient.objects.filter(same_person(found.pk))
    visits = Encounter.objects.filter(patient__in=records, cancelled_at__isnull=True)
    return {
        "patient": found,
        "desk": request.desk,
        "waiting_invitation": waiting_invitation(found),
        "used_invitation": used_invitation(found) if found.user_id else None,
        "proofs": Proof.choices,
        "representatives": representatives_ever(found),
        "visits": visits.select_related("clinician").order_by("-seen_on")[:20],
        **_threads(request, found),
        "merged": found.merged_records.all(),
        "may_read_chart": request.desk.may(Permission.READ_CHART),
        "may_write": request.desk.may(Permission.WRITE_MESSAGES),
        "may_recover": request.desk.may(Permission.RECOVER_ACCOUNT),
        "may_export": request.desk.may(Permission.EXPORT_CORRESPONDENCE),
        "may_hold": request.desk.may(Permission.MANAGE_RETENTION),
        "may_use_emergency": may_use_emergency(request.desk),
        "emergency": emergency_of(request.user, found.pk),
        "visit_address": reverse("intake:visit"),
    }


def _threads(request: ClinicRequest, found: Patient) -> dict[str, Any]:
    """A page of the conversations with the patient that this user carries; None: reads none."""
    if not request.desk.may(Permission.READ_MESSAGES):
        return {"threads": None}
    page = page_asked(request.GET)
    threads = inbox(request.user, found.practice, about=found, page=page)
    return {"threads": threads, "page": page, "has_more": len(threads) == PAGE_SIZE}


def used_invitation(found: Patient) -> Invitation | None:
    """The invitation by which the patient came to the account."""
    used = found.invitations.filter(representative=None, used_at__isnull=False)
    return used.select_related("created_by").order_by("-used_at").first()


def waiting_invitation(found: Patient) -> Invitation | None:
    """The last invitation of the patient that can still be taken up."""
    waiting = found.invitations.filter(
        representative=None, used_at=None, withdrawn_at=None, expires_at__gt=time.now()
    )
    return waiting.select_related("created_by").order_by("-created_at").first()
