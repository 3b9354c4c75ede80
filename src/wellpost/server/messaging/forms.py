"""What everybody fills in who writes a message, on either side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, UUIDField
from django.utils.functional import lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wellpost.server.prepared import Prepared, Slot
from wellpost.server.ui.forms import FilesField, ManyFiles, OnceForm

from .checking.kinds import ACCEPTED
from .checks import checked_body, checked_subject
from .errors import MessageRefusedError
from .files import most_bytes, most_files
from .models import Message
from .seats import Side
from .showing import OpenThread


def _about_files() -> str:
    return _now(
        "Pictures, PDF, text, office files, sound or video: at most %(files)d, each of at most "
        "%(size)d MB. Where a picture was taken is removed. If the page asks you to correct "
        "something, choose the files again: browsers forget them."
    ) % {"files": most_files(), "size": most_bytes() >> 20}


class MessageForm(OnceForm):
    """A message and its files. What is refused here is refused in the words of `checks`."""

    body = forms.CharField(
        label=_("Message"),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("The message is empty. Write something, then send it.")},
    )
    attachments = FilesField(
        label=_("Attach files"),
        required=False,
        widget=ManyFiles(attrs={"multiple": True, "accept": ACCEPTED}),
        help_text=lazy(_about_files, str)(),
    )

    def clean_body(self) -> str:
        """Not empty and not too long."""
        try:
            return checked_body(self.cleaned_data["body"])
        except MessageRefusedError as refusal:
            raise ValidationError(str(refusal)) from None


class WithCamera(MessageForm):
    """On a phone or tablet: the camera beside the files. Elsewhere the page leaves it out."""

    photo = FilesField(
        label=_("Take a photo"),
        required=False,
        widget=ManyFiles(attrs={"accept": "image/*", "capture": "environment"}),
    )


class AnswerForm(MessageForm):
    """A message to a conversation, in reply to what was read when the form was shown."""

    in_reply_to = forms.UUIDField(widget=forms.HiddenInput, required=False)


class TopicForm(MessageForm):
    """The first message of a conversation, with what it is about."""

    subject = forms.CharField(
        label=_("What is it about?"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("A few words, for example: my blood pressure medicine."),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    field_order = ["subject", "body", "attachments"]

    def clean_subject(self) -> str:
        """On one line, and not too long."""
        try:
            return checked_subject(self.cleaned_data["subject"])
        except MessageRefusedError as refusal:
            raise ValidationError(str(refusal)) from None


def sendable(form: MessageForm) -> dict[str, Any]:
    """What the form gives to an action that sends."""
    given = form.cleaned_data
    sent = {"body": given["body"], "client_key": str(given["client_key"])}
    return sent | {"attachments": [*given["attachments"], *given.get("photo", ())]}


def answered(form: AnswerForm, thread_id: UUID) -> Message | None:
    """The message that the form answers, if it stands in the conversation."""
    identifier = form.cleaned_data["in_reply_to"]
    found = _ANSWERED(message=identifier, thread=thread_id) if identifier else []
    return found[0] if found else None


def _answered() -> QuerySet[Message]:
    message, thread = Slot("message", UUIDField()), Slot("thread", UUIDField())
    return Message.objects.filter(pk=message, thread=thread).order_by().defer("nonce", "sealed")


_ANSWERED = Prepared(_answered)


def last_of_other_side(opened: OpenThread) -> UUID | None:
    """What an answer written now answers."""
    ours = opened.side == Side.PATIENT
    theirs = [each.id for each in opened.messages if each.from_patient_side != ours]
    return theirs[-1] if theirs else None
