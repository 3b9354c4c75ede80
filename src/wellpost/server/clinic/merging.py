"""Two records of one person become one: look for the other, compare, confirm."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellpost.errors import RequestError
from wellpost.server.people import actions
from wellpost.server.people.models import Patient
from wellpost.server.people.permissions import Permission
from wellpost.server.people.queries import patient_for, patients_of
from wellpost.server.records.models import Encounter

from .desk import ClinicRequest, at_desk
from .forms.patients import SearchForm
from .patients import search

SHOWN = 20


@at_desk(Permission.MERGE_PATIENTS)
def choose(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Records that look like the same person, and a search for others."""
    patient = patient_for(request.user, patient_id)
    words = request.POST.get("words", "")[:100]
    found = search(request.desk, words) if words.strip() else _alike(request, patient)
    context = {
        "patient": patient,
        "form": SearchForm(initial={"words": words}),
        "words": words,
        "candidates": found.exclude(pk=patient.pk)[:SHOWN],
    }
    return render(request, "clinic/merge.html", context)


@at_desk(Permission.MERGE_PATIENTS)
def merge(request: ClinicRequest, patient_id: UUID, other_id: UUID) -> HttpResponse:
    """Both records side by side; on confirmation the other goes into this one."""
    keep, other = patient_for(request.user, patient_id), patient_for(request.user, other_id)
    if request.method == "POST":
        try:
            actions.merge_patients(keep=keep, merge=other, by=request.user)
        except RequestError as refusal:
            messages.error(request, str(refusal))
            return redirect("clinic:merge", keep.pk)
        messages.success(request, _("The two records are one now; the patient counts once."))
        return redirect("clinic:patient", keep.pk)
    context = {"keep": keep, "other": other, "sides": [_side(keep), _side(other)]}
    return render(request, "clinic/merge_confirm.html", context)


def _alike(request: ClinicRequest, patient: Patient) -> QuerySet[Patient]:
    same_birth = Q(birth_on=patient.birth_on) if patient.birth_on else Q(pk__in=[])
    same_name = Q(family_name__iexact=patient.family_name, given_name__iexact=patient.given_name)
    return patients_of(request.user, request.desk.practice).filter(same_birth | same_name)


def _side(patient: Patient) -> dict[str, object]:
    visits = Encounter.objects.filter(patient=patient, cancelled_at__isnull=True)
    return {
        "patient": patient,
        "visits": visits.count(),
        "last_visit": visits.order_by("-seen_on").first(),
        "threads": patient.threads.count(),
        "identifiers": list(patient.identifiers.all()),
    }
