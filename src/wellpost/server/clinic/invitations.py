"""The way in for a patient or a representative: an email, or a letter to print."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from wellpost.errors import RequestError
from wellpost.server.clock import time
from wellpost.server.people import actions
from wellpost.server.people.models import Invitation, MemberInvitation, Patient
from wellpost.server.people.permissions import Permission
from wellpost.server.people.queries import patient_for

from .desk import ClinicRequest, View, at_desk

Invite = Callable[[], tuple[Invitation, str]]


def inviting(view: View) -> View:
    """A way in for a patient of one's own practice; who comes by a link is led to the patient."""

    @at_desk(Permission.INVITE_PATIENT)
    @wraps(view)
    def checked(request: ClinicRequest, patient_id: UUID, **kwargs: Any) -> HttpResponseBase:
        patient = patient_for(request.user, patient_id)
        if request.method != "POST":
            return redirect("clinic:patient", patient.pk)
        return view(request, patient, **kwargs)

    return checked


@inviting
def invite(request: ClinicRequest, patient: Patient) -> HttpResponse:
    """Send the patient the invitation by email."""
    by, proof = request.user, proof_in(request)
    return send(
        request, patient, lambda: actions.invite_patient(patient=patient, by=by, proof=proof)
    )


@inviting
def letter(request: ClinicRequest, patient: Patient) -> HttpResponse:
    """A letter to the patient."""
    by, proof = request.user, proof_in(request)
    return show_letter(
        request,
        patient,
        str(patient),
        lambda: actions.invite_patient(patient=patient, by=by, sent_by="letter", proof=proof),
    )


def proof_in(request: ClinicRequest) -> str:
    """How the one who invites knows who it is; empty: by the code and the date of birth alone."""
    return request.POST.get("proof", "")


def send(request: ClinicRequest, patient: Patient, deed: Invite) -> HttpResponse:
    """Invite by email, say so on the patient's page, or why not."""
    try:
        invitation, _code = deed()
        say_whether_sent(request, invitation, _("The invitation was sent by email."))
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return redirect("clinic:patient", patient.pk)


def say_whether_sent(
    request: ClinicRequest, invitation: Invitation | MemberInvitation, sent: str
) -> None:
    """The sentence for one that was sent; what to do where the mail server did not take it."""
    if invitation.withdrawn_at is None:
        messages.success(request, sent)
        return
    refused = _("The mail server did not take the invitation, so it is withdrawn. Try again later.")
    messages.error(request, refused)


def show_letter(
    request: ClinicRequest, patient: Patient, reader: str, deed: Invite
) -> HttpResponse:
    """The letter with the code, shown this once: only the code's hash is kept."""
    try:
        invitation, code = deed()
    except RequestError as refusal:
        messages.error(request, str(refusal))
        return redirect("clinic:patient", patient.pk)
    context = {
        "patient": patient,
        "practice": patient.practice,
        "reader": reader,
        "postal": "" if invitation.representative else patient.address,
        "today": time.today(patient.practice.time_zone),
        "place": settings.SITE_ADDRESS.rstrip("/") + reverse("invitation"),
        "invitation": invitation,
        "code": code,
    }
    return render(request, "clinic/letter.html", context)
