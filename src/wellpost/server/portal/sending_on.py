"""Sending the record to somebody, and what became of what was sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wellpost.errors import RequestError
from wellpost.server.people.permissions import Permission, require
from wellpost.server.sharing.files import Form
from wellpost.server.sharing.links import withdraw
from wellpost.server.sharing.models import Way
from wellpost.server.sharing.sent import one_sent, sent
from wellpost.server.sharing.transmitting import HOURS, Wanted, send_by_email, send_link

from .acting import Acting, PortalRequest, acting_for
from .record_forms import SendForm

USUAL = {"file": Form.PDF.value, "way": Way.LINK.value}


@login_required
@require_http_methods(["GET", "POST"])
def start(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """The form, and below it what was sent before."""
    acting = acting_for(request.user, patient_id)
    require(request.user, Permission.READ_RECORD, acting.patient)
    posted = request.POST if request.method == "POST" else None
    form = SendForm(posted, initial=USUAL, time_zone=acting.practice.time_zone)
    answer = _sent(request, acting, form) if posted is not None and form.is_valid() else None
    return answer or render(request, "portal/send.html", _around(request, acting, form))


@require_POST
@login_required
def take_back(request: PortalRequest, patient_id: UUID, sending_id: UUID) -> HttpResponse:
    """A link that was not opened yet opens no more."""
    acting = acting_for(request.user, patient_id)
    sending = one_sent(acting.patient, request.user, sending_id)
    try:
        withdraw(by=request.user, sending=sending)
        messages.success(request, _("Taken back. The link opens nothing any more."))
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return redirect("portal:send_record", acting.patient.pk)


def _around(request: PortalRequest, acting: Acting, form: SendForm) -> dict[str, Any]:
    held = sent(acting.patient, request.user)
    return {"acting": acting, "form": form, "sent": held, "hours": HOURS, "here": "share"}


def _sent(request: PortalRequest, acting: Acting, form: SendForm) -> HttpResponse | None:
    """Send; None, with the words in the form, where it could not be."""
    if not ratelimit.consume(request, action="send_record", user=request.user):
        form.add_error(None, _("You have sent very often within an hour. Try again later."))
        return None
    wanted = _wanted(acting, form)
    if form.cleaned_data["way"] == Way.EMAIL:
        if form.attempt(lambda: send_by_email(by=request.user, wanted=wanted)) is None:
            return None
        messages.success(request, _("Sent to %(address)s.") % {"address": wanted.to_whom})
        return redirect("portal:send_record", acting.patient.pk)
    made = form.attempt(lambda: send_link(by=request.user, wanted=wanted))
    if made is None:
        return None
    context = {"acting": acting, "sending": made[0], "code": made[1], "here": "share"}
    return render(request, "portal/link_sent.html", context)


def _wanted(acting: Acting, form: SendForm) -> Wanted:
    start, end = form.days
    given = form.cleaned_data
    return Wanted(acting.patient, given["to_whom"], form.form, given["client_key"], start, end)
