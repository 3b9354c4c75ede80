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

from wellpost.errors import DataRefusedError
from wellpost.server.messaging import actions
from wellpost.server.messaging.access import Side, seat_at
from wellpost.server.messaging.models import Message, Thread
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.people.permissions import NotAllowed, Permission

from .colleagues import colleagues
from .desk import ClinicRequest, View, at_desk
from .forms.messages import ParticipantForm

ThreadDeed = Callable[..., str]
"""Does it, and gives the sentence that says so."""


def on_thread(view: ThreadDeed) -> View:
    """A deed on a conversation of one's own; who comes by a link is led to the conversation."""

    @at_desk(Permission.WRITE_MESSAGES)
    @wraps(view)
    def checked(request: ClinicRequest, thread_id: UUID, **kwargs: Any) -> HttpResponse:
        thread = thread_with_parties(thread_id)
        seat_at(request.user, thread, Side.PRACTICE)
        if request.method == "POST":
            _do(request, lambda: view(request, thread, **kwargs))
        return redirect("clinic:thread", thread_id)

    return checked


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


def _do(request: ClinicRequest, deed: Callable[[], str]) -> None:
    """Do it and say what was done, or why not."""
    try:
        messages.success(request, deed())
    except DataRefusedError as refusal:
        messages.error(request, str(refusal))
