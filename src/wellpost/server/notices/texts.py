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


class Letter(NamedTuple):
    """Subject and text of an email."""

    subject: str
    text: str


def letter(kind: str) -> Letter:
    """The email of this kind, the same for everybody: no name, no text, no subject."""
    subjects = {Kind.MESSAGE_WAITING.value: _("A message is waiting for you")}
    place = settings.SITE_ADDRESS.rstrip("/") + "/"
    text = _(
        "A message is waiting for you. To keep it private, it is not in this email.\n"
        "\n"
        "Sign in to read it: %(place)s\n"
        "\n"
        "In an emergency call 911. Please do not answer this email; nobody reads it.\n"
    )
    return Letter(subjects[kind], text % {"place": place})
