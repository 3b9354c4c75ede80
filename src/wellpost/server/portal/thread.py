"""One conversation, and the answer to it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.access import Side
from wellpost.server.messaging.forms import AnswerForm, answered, last_of_other_side, sendable
from wellpost.server.messaging.models import Message, Thread

from .acting import PortalRequest, acting_for
from .topics import away_in


@login_required
def thread(request: PortalRequest, thread_id: UUID) -> HttpResponse:
    """Read it, which marks it read; answer where one may."""
    if request.method == "POST":
        return _answer(request, thread_id)
    return _show(request, thread_id, None)


def _answer(request: PortalRequest, thread_id: UUID) -> HttpResponse:
    form = AnswerForm(request.POST, request.FILES)
    sent = form.attempt(lambda: _send(request, thread_id, form)) if form.is_valid() else None
    if sent:
        messages.success(request, _("Your answer was sent."))
        return redirect("portal:thread", thread_id)
    return _show(request, thread_id, form)


def _send(request: PortalRequest, thread_id: UUID, form: AnswerForm) -> Message:
    return actions.send_message(
        thread=Thread(pk=thread_id),
        by=request.user,
        in_reply_to=answered(form, thread_id),
        side=Side.PATIENT,
        **sendable(form),
    )


def _show(request: PortalRequest, thread_id: UUID, form: AnswerForm | None) -> HttpResponse:
    opened = queries.open_thread(thread_id, request.user, Side.PATIENT)
    acting = acting_for(request.user, opened.patient_id)
    if form is None and opened.may_write:
        form = AnswerForm(initial={"in_reply_to": last_of_other_side(opened)})
    context = {"acting": acting, "thread": opened, "form": form, "here": "thread"}
    context["away"] = away_in(thread_id, acting.practice)
    return render(request, "portal/thread.html", context)
