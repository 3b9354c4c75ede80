"""Those who act for a patient: adding, inviting, ending."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellpost.server.clock import time
from wellpost.server.people import actions
from wellpost.server.people.models import Patient, Representative, User
from wellpost.server.people.permissions import NotAllowed, Permission, same_person
from wellpost.server.people.queries import patient_for

from .desk import ClinicRequest, at_desk
from .forms.patients import RepresentativeForm
from .forms.people import EndForm
from .invitations import inviting, proof_in, send, show_letter


@at_desk(Permission.MANAGE_REPRESENTATIVES)
def add(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Somebody may act for the patient from a day on."""
    patient = patient_for(request.user, patient_id)
    form = RepresentativeForm(request.POST or None, today=time.today(patient.practice.time_zone))
    if request.method == "POST" and form.is_valid():
        made = form.attempt(lambda: _added(form, patient, request.user))
        if made:
            messages.success(request, _("Added. Now send or print the invitation."))
            return redirect("clinic:patient", patient.pk)
    return render(request, "clinic/representative_form.html", {"form": form, "patient": patient})


@at_desk(Permission.MANAGE_REPRESENTATIVES)
def end(request: ClinicRequest, patient_id: UUID, representative_id: UUID) -> HttpResponse:
    """Say from which day on somebody no longer acts for the patient."""
    patient = patient_for(request.user, patient_id)
    representative = _of(patient, representative_id)
    form = EndForm(request.POST or None, today=time.today(patient.practice.time_zone))
    if request.method == "POST" and form.is_valid():
        by, on = request.user, form.cleaned_data["on"]
        if form.attempt(
            lambda: actions.end_representative(representative=representative, by=by, on=on)
        ):
            messages.success(request, _("The end is kept."))
            return redirect("clinic:patient", patient.pk)
    context = {"patient": patient, "representative": representative, "form": form}
    return render(request, "clinic/representative_end.html", context)


@inviting
def invite(request: ClinicRequest, patient: Patient, representative_id: UUID) -> HttpResponse:
    """Send the invitation by email."""
    representative = _of(patient, representative_id)
    by, proof = request.user, proof_in(request)
    return send(
        request,
        patient,
        lambda: actions.invite_representative(representative=representative, by=by, proof=proof),
    )


@inviting
def letter(request: ClinicRequest, patient: Patient, representative_id: UUID) -> HttpResponse:
    """A letter with the code, shown this once."""
    representative = _of(patient, representative_id)
    by, proof = request.user, proof_in(request)
    return show_letter(
        request,
        patient,
        representative.name,
        lambda: actions.invite_representative(
            representative=representative, by=by, sent_by="letter", proof=proof
        ),
    )


def _added(form: RepresentativeForm, patient: Patient, by: User) -> Representative:
    said = dict(form.cleaned_data)
    if said.pop("as_parent"):
        said.pop("ends_on")
        return actions.add_parent(patient=patient, by=by, **said)
    return actions.add_representative(patient=patient, by=by, **said)


def _of(patient: Patient, representative_id: UUID) -> Representative:
    records = Patient.objects.filter(same_person(patient.pk))
    found = Representative.objects.filter(pk=representative_id, patient__in=records).first()
    if found is None:
        raise NotAllowed("there is no such representative here.")
    return found
