"""One conversation, and the answer to it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.forms import answered, last_of_other_side, sendable
from wellpost.server.messaging.models import Message, Thread
from wellpost.server.messaging.seats import Side
from wellpost.server.routing.drafts import end_draft

from .acting import PortalRequest, acting_for
from .drafts import begun
from .forms import AnswerWithCamera
from .topics import away_in


@login_required
def thread(request: PortalRequest, thread_id: UUID) -> HttpResponse:
    """Read it, which marks it read; answer where one may."""
    if request.method == "POST":
        return _answer(request, thread_id)
    return _show(request, thread_id, None)


def _answer(request: PortalRequest, thread_id: UUID) -> HttpResponse:
    form = AnswerWithCamera(request.POST, request.FILES)
    sent = form.attempt(lambda: _send(request, thread_id, form)) if form.is_valid() else None
    if sent:
        end_draft(where=sent.thread, by=request.user, fields=request.POST.dict())
        messages.success(request, _("Your answer was sent."))
        return redirect("portal:thread", thread_id)
    return _show(request, thread_id, form)


def _send(request: PortalRequest, thread_id: UUID, form: AnswerWithCamera) -> Message:
    return actions.send_message(
        thread=Thread(pk=thread_id),
        by=request.user,
        in_reply_to=answered(form, thread_id),
        side=Side.PATIENT,
        **sendable(form),
    )


def _show(request: PortalRequest, thread_id: UUID, form: AnswerWithCamera | None) -> HttpResponse:
    opened = queries.open_thread(thread_id, request.user, Side.PATIENT)
    acting = acting_for(request.user, opened.patient_id)
    draft = begun(Thread(pk=thread_id), request.user) if form is None else None
    if form is None and opened.may_write:
        text = draft.fields["body"] if draft else ""
        form = AnswerWithCamera(initial={"in_reply_to": last_of_other_side(opened), "body": text})
    context = {"acting": acting, "thread": opened, "form": form, "here": "thread", "draft": draft}
    context["away"] = away_in(thread_id, acting.practice)
    return render(request, "portal/thread.html", context)
