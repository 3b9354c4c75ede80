"""Writing to a patient."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellpost.server.messaging import actions
from wellpost.server.messaging.forms import sendable
from wellpost.server.messaging.models import Message
from wellpost.server.messaging.seats import Side
from wellpost.server.people.models import Patient
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.people.queries import patient_for
from wellpost.server.routing.drafts import end_draft
from wellpost.server.routing.wordings import wordings_for

from .beginnings import Beginning, beginning
from .colleagues import clinicians_to_write_for, colleagues, representatives
from .desk import ClinicRequest, at_desk
from .forms.messages import WriteForm
from .measures.asking import worklist_left
from .suggestions import suggestion


@at_desk(Permission.WRITE_MESSAGES)
def write(request: ClinicRequest) -> HttpResponse:
    """A new conversation with the patient of `?patient=`; without one, choose the patient first."""
    if "patient" not in request.GET:
        messages.info(request, _("Choose whom to write to."))
        return redirect("clinic:patients")
    patient = _patient(request)
    begun = beginning(request, patient, patient) if request.method != "POST" else Beginning()
    form = _form(request, patient, begun)
    if request.method == "POST" and form.is_valid():
        message = form.attempt(lambda: _start_thread(request, patient, form))
        if message:
            end_draft(where=patient, by=request.user, fields=request.POST.dict())
            messages.success(request, _("Your message was sent."))
            left = worklist_left(request)
            return redirect(left) if left else redirect("clinic:thread", message.thread_id)
    context = {
        "form": form,
        "patient": patient,
        "waiting": patient.user_id is None,
        "worklist": worklist_left(request),
        "draft": begun.draft,
        "wordings": wordings_for(request.user, patient.practice),
    }
    return render(request, "clinic/write.html", context)


def _patient(request: ClinicRequest) -> Patient:
    try:
        return patient_for(request.user, UUID(request.GET["patient"])).surviving
    except ValueError:
        raise NotAllowed("there is no such patient here.") from None


def _form(request: ClinicRequest, patient: Patient, begun: Beginning) -> WriteForm:
    return WriteForm(
        request.POST or None,
        request.FILES or None,
        initial={**suggestion(request.GET.get("about", "")), **begun.fields},
        patient=str(patient),
        representatives=representatives(patient),
        colleagues=colleagues(request.desk),
        clinicians=clinicians_to_write_for(request.desk),
    )


def _start_thread(request: ClinicRequest, patient: Patient, form: WriteForm) -> Message:
    return actions.start_thread(
        practice=patient.practice,
        patient=patient,
        by=request.user,
        subject=form.cleaned_data["subject"],
        side=Side.PRACTICE,
        **sendable(form),
        **form.choices,
    )
