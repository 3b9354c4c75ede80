"""Taking a message back and sending another in its place."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.access import seat_at
from wellpost.server.messaging.forms import MessageForm
from wellpost.server.messaging.models import Message
from wellpost.server.messaging.seats import Side
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.people.permissions import NotAllowed, Permission

from .desk import ClinicRequest, at_desk


class ReplaceForm(MessageForm):
    """The text that takes the other's place."""

    attachments = None  # type: ignore[assignment]  # a correction has no files: Django drops it


@at_desk(Permission.WRITE_MESSAGES)
def replace(request: ClinicRequest, thread_id: UUID, message_id: UUID) -> HttpResponse:
    """Both stay visible: the one struck through, the other in its place."""
    thread = thread_with_parties(thread_id)
    seat_at(request.user, thread, Side.PRACTICE)
    message = Message.objects.filter(pk=message_id, thread=thread, sender=request.user).first()
    if message is None:
        raise NotAllowed("there is no such message of theirs here.")
    form = ReplaceForm(request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        given = form.cleaned_data
        key = str(given["client_key"])
        if form.attempt(
            lambda: actions.replace_message(
                message=message, by=request.user, body=given["body"], client_key=key
            )
        ):
            messages.success(request, _("Replaced. What you wrote before stays, struck through."))
            return redirect("clinic:thread", thread_id)
    form = form or ReplaceForm(initial={"body": _text_of(request, message)})
    return render(request, "clinic/replace.html", {"form": form, "thread": thread})


def _text_of(request: ClinicRequest, message: Message) -> str:
    opened = queries.open_thread(message.thread_id, request.user, Side.PRACTICE)
    return next(each.text for each in opened.messages if each.id == message.pk)
