"""One conversation, seen from the practice, and the answer to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.access import seat_at, seat_to_read
from wellpost.server.messaging.forms import answered, last_of_other_side, sendable
from wellpost.server.messaging.models import Message, Thread
from wellpost.server.messaging.seats import Side
from wellpost.server.messaging.showing import OpenThread
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.people.permissions import Permission
from wellpost.server.routing.drafts import end_draft
from wellpost.server.ui.forms import PlainForm

from .beginnings import beginning
from .beside_thread import beside
from .colleagues import clinicians_to_write_for, colleagues, representatives
from .desk import ClinicRequest, at_desk
from .forms.messages import ReplyForm


@at_desk(Permission.READ_MESSAGES)
def thread(request: ClinicRequest, thread_id: UUID) -> HttpResponse:
    """Read it, which marks it read; answer where one may."""
    held = thread_with_parties(thread_id)
    if request.method == "POST":
        seat_at(request.user, held, Side.PRACTICE)
        return _answer(request, held)
    seat_to_read(request.user, held, Side.PRACTICE)
    return show(request, held, None)


def _answer(request: ClinicRequest, held: Thread) -> HttpResponse:
    form = reply_form(request, held, request.POST, request.FILES)
    sent = form.attempt(lambda: _send(request, held, form)) if form.is_valid() else None
    if sent:
        end_draft(where=held, by=request.user, fields=request.POST.dict())
        messages.success(request, _("Your answer was sent."))
        return redirect("clinic:thread", held.pk)
    return show(request, held, form)


def _send(request: ClinicRequest, held: Thread, form: ReplyForm) -> Message:
    return actions.send_message(
        thread=held,
        by=request.user,
        in_reply_to=answered(form, held.pk),
        side=Side.PRACTICE,
        **sendable(form),
        **form.choices,
    )


def show(
    request: ClinicRequest, held: Thread, form: ReplyForm | None, **typed: PlainForm
) -> HttpResponse:
    """The page; `typed`: what was filled in beside the conversation and could not be done."""
    opened = queries.open_thread(held.pk, request.user, Side.PRACTICE)
    begun = beginning(request, held, held.patient.surviving) if form is None else None
    if form is None and opened.may_write:
        form = reply_form(request, held, initial=_initial(opened, begun.fields if begun else {}))
    context = {
        "thread": opened,
        "patient": held.patient.surviving,
        "form": form,
        "draft": begun.draft if begun else None,
        "time_zone": held.practice.time_zone,
        **beside(request, held, opened),
        **typed,
    }
    return render(request, "clinic/thread.html", context)


def reply_form(request: ClinicRequest, held: Thread, *args: Any, **kwargs: Any) -> ReplyForm:
    """The form of an answer to this conversation."""
    patient = held.patient.surviving
    return ReplyForm(
        *args,
        patient=str(patient),
        representatives=representatives(patient),
        colleagues=colleagues(request.desk),
        clinicians=clinicians_to_write_for(request.desk),
        **kwargs,
    )


def _initial(opened: OpenThread, begun: dict[str, str]) -> dict[str, Any]:
    return {"in_reply_to": last_of_other_side(opened), **begun}
