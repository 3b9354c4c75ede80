"""A new message from the patient's side."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellpost.server.messaging import actions
from wellpost.server.messaging.forms import sendable
from wellpost.server.messaging.models import Message
from wellpost.server.messaging.seats import Side
from wellpost.server.people.models import Membership
from wellpost.server.people.permissions import Permission, require
from wellpost.server.routing.drafts import KeptDraft, end_draft
from wellpost.server.routing.signals import about

from .acting import Acting, PortalRequest, acting_for
from .choosing import one_of
from .drafts import begun
from .forms import WriteForm
from .recipients import clinicians_for
from .topics import away, topics_of


@login_required
def start(request: PortalRequest) -> HttpResponse:
    """To the form where there is one record, to the choice where there are several."""
    return one_of(request, "portal:write_for")


@login_required
def write(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """Fill in, send, and see the conversation."""
    acting = acting_for(request.user, patient_id)
    require(request.user, Permission.WRITE_MESSAGES, acting.patient)
    clinicians = clinicians_for(acting.patient)
    draft = begun(acting.patient, request.user) if request.method == "GET" else None
    form = _form(request, acting, clinicians, draft)
    if request.method == "POST" and form.is_valid():
        message = form.attempt(lambda: _start_thread(request, acting, form))
        if message:
            end_draft(where=acting.patient, by=request.user, fields=request.POST.dict())
            messages.success(request, _("Your message was sent."))
            return redirect("portal:thread", message.thread_id)
    context = {"acting": acting, "form": form, "draft": draft, "here": "write"}
    context["away"] = away(acting.practice, clinicians)
    return render(request, "portal/write.html", context)


def _form(
    request: PortalRequest, acting: Acting, clinicians: list[Membership], draft: KeptDraft | None
) -> WriteForm:
    said = {name: text for name, text in draft.fields.items() if text} if draft else {}
    return WriteForm(
        request.POST or None,
        request.FILES or None,
        initial=said,
        clinicians=clinicians,
        practice=acting.practice.name,
        topics=topics_of(acting.practice),
    )


def _start_thread(request: PortalRequest, acting: Acting, form: WriteForm) -> Message:
    chosen = form.chosen
    with about(form.reason):
        return actions.start_thread(
            practice=acting.practice,
            patient=acting.patient,
            by=request.user,
            subject=form.cleaned_data["subject"],
            for_clinician=chosen.clinician if chosen else None,
            participants=[chosen] if chosen else [],
            side=Side.PATIENT,
            **sendable(form),
        )
