"""The one builder of what a notice says. It is given nothing that it could give away."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Kind(TextChoices):
    """What waits."""

    MESSAGE_WAITING = "message_waiting", gettext_lazy("A message waits")
    WORK_WAITING = "work_waiting", gettext_lazy("A conversation waits for the practice")
    NOT_READ = "not_read", gettext_lazy("A message was not read")
    EMERGENCY_ACCESS = "emergency_access", gettext_lazy("Emergency access waits for review")


ALWAYS = frozenset({Kind.EMERGENCY_ACCESS})
"""Kinds of which each is told, however lately another was."""


class Letter(NamedTuple):
    """Subject and text of an email."""

    subject: str
    text: str


def letter(kind: str) -> Letter:
    """The email of this kind, the same for everybody: no name, no text, no subject."""
    place = settings.SITE_ADDRESS.rstrip("/") + "/"
    subject, text = _TEXTS.get(kind, _message)()
    return Letter(subject, text % {"place": place})


def _message() -> tuple[str, str]:
    return _("A message is waiting for you"), _(
        "A message is waiting for you. To keep it private, it is not in this email.\n"
        "\n"
        "Sign in to read it: %(place)s\n"
        "\n"
        "In an emergency call 911. Please do not answer this email; nobody reads it.\n"
    )


def _emergency() -> tuple[str, str]:
    return _("Emergency access was used at your practice"), _(
        "Somebody at your practice used emergency access just now. Who, and why, is not in this "
        "email.\n"
        "\n"
        "Sign in to review it, under Activity: %(place)s\n"
        "\n"
        "Please do not answer this email; nobody reads it.\n"
    )


def _work() -> tuple[str, str]:
    return _("A conversation waits for your practice"), _(
        "At your practice a conversation with a patient waits for an answer, or was passed to "
        "you. Which one is not in this email.\n"
        "\n"
        "Sign in to see it: %(place)s\n"
        "\n"
        "Please do not answer this email; nobody reads it.\n"
    )


def _not_read() -> tuple[str, str]:
    return _("A message you sent was not read yet"), _(
        "A message you sent some days ago was not read yet. Which one is not in this email.\n"
        "\n"
        "Sign in to see it: %(place)s\n"
        "\n"
        "Please do not answer this email; nobody reads it.\n"
    )


_TEXTS = {
    Kind.EMERGENCY_ACCESS.value: _emergency,
    Kind.WORK_WAITING.value: _work,
    Kind.NOT_READ.value: _not_read,
}
