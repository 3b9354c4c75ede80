"""What is done with a conversation besides writing: resolve, reopen, bring in, take back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from wellpost.errors import DataRefusedError, RequestError
from wellpost.server.messaging import actions
from wellpost.server.messaging.access import seat_at
from wellpost.server.messaging.models import Message, Thread
from wellpost.server.messaging.seats import Side
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.routing import forwarding, tasks
from wellpost.server.routing.notes import add_note
from wellpost.server.routing.pools import open_pools
from wellpost.server.routing.reasons import offered_for
from wellpost.server.ui.forms import PlainForm

from .beside_thread import NOTE_ID, PASS_ID
from .colleagues import colleagues
from .desk import ClinicRequest, View, at_desk
from .forms.messages import ParticipantForm
from .forms.routing import ArrangeForm, ForwardForm, NoteForm, ReassignForm
from .thread import show

ThreadDeed = Callable[..., str]
"""Does it, and gives the sentence that says so."""


def on_thread(view: ThreadDeed) -> View:
    """A deed on a conversation of one's own; who comes by a link is led to the conversation. What
    was typed for a deed that could not be done stays on its page.
    """

    @at_desk(Permission.WRITE_MESSAGES)
    @wraps(view)
    def checked(request: ClinicRequest, thread_id: UUID, **kwargs: Any) -> HttpResponse:
        thread = thread_with_parties(thread_id)
        seat_at(request.user, thread, Side.PRACTICE)
        request.typed = {}
        if request.method == "POST" and not _done(request, lambda: view(request, thread, **kwargs)):
            return show(request, thread, None, **request.typed)
        return _back(request, thread)

    return checked


def _back(request: ClinicRequest, thread: Thread) -> HttpResponse:
    """To the conversation; to the list where it went into another's hands by the deed."""
    try:
        seat_at(request.user, thread, Side.PRACTICE)
    except NotAllowed:
        return redirect("clinic:inbox")
    return redirect("clinic:thread", thread.pk)


@on_thread
def resolve(request: ClinicRequest, thread: Thread) -> str:
    """Nothing more is to be done."""
    actions.resolve_thread(thread=thread, by=request.user)
    return _("Marked as resolved.")


@on_thread
def reopen(request: ClinicRequest, thread: Thread) -> str:
    """Something is to be done after all."""
    actions.reopen_thread(thread=thread, by=request.user)
    return _("Open again.")


@on_thread
def add_participant(request: ClinicRequest, thread: Thread) -> str:
    """A colleague comes in, and can read all of it."""
    form = ParticipantForm(request.POST, colleagues=colleagues(request.desk))
    if not form.is_valid():
        raise DataRefusedError(_("Choose a colleague of the list."))
    actions.add_participant(thread=thread, membership=form.chosen, by=request.user)
    return _("Your colleague takes part now.")


@on_thread
def retract(request: ClinicRequest, thread: Thread, message_id: UUID) -> str:
    """Take back what one wrote; it stays visible, struck through."""
    message = Message.objects.filter(pk=message_id, thread=thread).first()
    if message is None:
        raise NotAllowed("there is no such message here.")
    actions.retract_message(message=message, by=request.user)
    return _("Taken back. It stays visible, struck through; write again what is right.")


@on_thread
def lock(request: ClinicRequest, thread: Thread) -> str:
    """Nothing can be added any more."""
    actions.lock_thread(thread=thread, by=request.user)
    return _("Closed. Nothing can be added to it any more.")


@on_thread
def claim(request: ClinicRequest, thread: Thread) -> str:
    """One looks after it oneself."""
    tasks.claim(thread=thread, by=request.user)
    return _("You look after this now.")


@on_thread
def release(request: ClinicRequest, thread: Thread) -> str:
    """Somebody else may look after it."""
    tasks.release(thread=thread, by=request.user)
    return _("Given back. Nobody in particular looks after it now.")


@on_thread
def reassign(request: ClinicRequest, thread: Thread) -> str:
    """To a colleague, or into a pool."""
    pools = open_pools(request.desk.practice)
    here = colleagues(request.desk)
    form = ReassignForm(request.POST, colleagues=here, pools=pools, auto_id=PASS_ID)
    given = _valid(request, reassign_form=form)
    tasks.reassign(thread=thread, by=request.user, why=given["why"], **form.chosen)
    return _("Passed on.")


@on_thread
def arrange(request: ClinicRequest, thread: Thread) -> str:
    """Topic, priority, the day to come back to it."""
    form = ArrangeForm(request.POST, reasons=offered_for(thread))
    _valid(request, arrange_form=form)
    tasks.arrange(thread=thread, by=request.user, **form.chosen)
    return _("Kept.")


@on_thread
def note(request: ClinicRequest, thread: Thread) -> str:
    """A note that only the practice reads."""
    given = _valid(request, note_form=NoteForm(request.POST, auto_id=NOTE_ID))
    add_note(thread=thread, by=request.user, text=given["text"])
    return _("The note is kept. The patient does not see it.")


@on_thread
def forward(request: ClinicRequest, thread: Thread) -> str:
    """To a colleague: with the patient reading along, or among staff."""
    form = ForwardForm(request.POST, colleagues=colleagues(request.desk))
    _valid(request, forward_form=form)
    forwarding.forward(thread=thread, by=request.user, **form.chosen)
    if form.chosen["with_patient"]:
        return _("Forwarded. The patient reads it too.")
    return _("Forwarded. Only the practice reads it.")


def _valid(request: ClinicRequest, **form_by_name: PlainForm) -> dict[str, Any]:
    """What was filled in; else every word of what is missing. The form goes back to the page, by
    that name, where its deed is not done.
    """
    request.typed = form_by_name
    (form,) = form_by_name.values()
    if not form.is_valid():
        faults = [str(each) for errors in form.errors.values() for each in errors]
        raise DataRefusedError(*faults)
    return form.cleaned_data


def _done(request: ClinicRequest, deed: Callable[[], str]) -> bool:
    """Do it and say what was done, or why not; whether it was."""
    try:
        messages.success(request, deed())
    except (DataRefusedError, RequestError) as refusal:
        messages.error(request, str(refusal))
        return False
    return True
