"""What is done with a conversation besides writing: resolve, reopen, bring in, take back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellpost.errors import DataRefusedError
from wellpost.server.messaging import actions
from wellpost.server.messaging.models import Message
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.people.permissions import NotAllowed, Permission

from .colleagues import colleagues
from .desk import ClinicRequest, at_desk
from .forms.messages import ParticipantForm


@require_POST
@at_desk(Permission.WRITE_MESSAGES)
def resolve(request: ClinicRequest, thread_id: UUID) -> HttpResponse:
    """Nothing more is to be done."""
    thread = thread_with_parties(thread_id)
    return _do(
        request,
        thread_id,
        lambda: actions.resolve_thread(thread=thread, by=request.user),
        _("Marked as resolved."),
    )


@require_POST
@at_desk(Permission.WRITE_MESSAGES)
def reopen(request: ClinicRequest, thread_id: UUID) -> HttpResponse:
    """Something is to be done after all."""
    thread = thread_with_parties(thread_id)
    return _do(
        request,
        thread_id,
        lambda: actions.reopen_thread(thread=thread, by=request.user),
        _("Open again."),
    )


@require_POST
@at_desk(Permission.WRITE_MESSAGES)
def add_participant(request: ClinicRequest, thread_id: UUID) -> HttpResponse:
    """A colleague comes in, and can read all of it."""
    thread = thread_with_parties(thread_id)
    form = ParticipantForm(request.POST, colleagues=colleagues(request.desk))
    if not form.is_valid():
        messages.error(request, _("Choose a colleague of the list."))
        return redirect("clinic:thread", thread_id)
    return _do(
        request,
        thread_id,
        lambda: actions.add_participant(thread=thread, membership=form.chosen, by=request.user),
        _("Your colleague takes part now."),
    )


@require_POST
@at_desk(Permission.WRITE_MESSAGES)
def retract(request: ClinicRequest, thread_id: UUID, message_id: UUID) -> HttpResponse:
    """Take back what one wrote; it stays visible, struck through."""
    message = Message.objects.filter(pk=message_id, thread=thread_id).first()
    if message is None:
        raise NotAllowed("there is no such message here.")
    return _do(
        request,
        thread_id,
        lambda: actions.retract_message(message=message, by=request.user),
        _("Taken back. It stays visible, struck through; write again what is right."),
    )


def _do(
    request: ClinicRequest, thread_id: UUID, deed: Callable[[], object], done: str
) -> HttpResponse:
    try:
        deed()
        messages.success(request, done)
    except DataRefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("clinic:thread", thread_id)
