"""The one builder of what a notice says. It is given nothing that it could give away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Channel


class Kind(TextChoices):
    """What waits."""

    MESSAGE_WAITING = "message_waiting", gettext_lazy("A message waits")
    WORK_WAITING = "work_waiting", gettext_lazy("A conversation waits for the practice")
    READING_WAITING = "reading_waiting", gettext_lazy("A reading from home needs a look")
    NOT_READ = "not_read", gettext_lazy("A message was not read")
    EMERGENCY_ACCESS = "emergency_access", gettext_lazy("Emergency access waits for review")
    NEW_DEVICE = "new_device", gettext_lazy("Somebody signed in on a device not used before")
    ACCOUNT_RECOVERED = "account_recovered", gettext_lazy("An account was taken off a record")


ALWAYS = frozenset({Kind.EMERGENCY_ACCESS, Kind.ACCOUNT_RECOVERED, Kind.NEW_DEVICE})
"""Kinds of which each is told, at once and by email, whatever the person wishes."""


class Letter(NamedTuple):
    """Subject and text; a text message has no subject."""

    subject: str
    text: str


def letter(kinds: Iterable[str], channel: str = Channel.EMAIL) -> Letter:
    """The letter for these kinds, the same for everybody: no name, no text, no subject."""
    wanted = sorted(set(kinds))
    place = settings.SITE_ADDRESS.rstrip("/") + "/"
    if channel == Channel.SMS:
        return Letter("", _sms(wanted) % {"place": place})
    if channel == Channel.PUSH:
        return Letter("Wellpost", _push(wanted))
    if len(wanted) > 1:
        return Letter(_("Several things wait for you"), _several(wanted) % {"place": place})
    subject, text = _TEXTS.get(wanted[0], _message)()
    return Letter(subject, text % {"place": place})


def code_letter(code: str) -> Letter:
    """The text message that shows whose phone it is."""
    text = _("Wellpost: your code is %(code)s. If you did not ask for it, leave it be.")
    return Letter("", text % {"code": code})


def _sms(kinds: list[str]) -> str:
    if len(kinds) == 1 and kinds[0] == Kind.MESSAGE_WAITING:
        return _("Wellpost: a message is waiting for you. Sign in to read it: %(place)s")
    return _("Wellpost: something is waiting for you. Sign in to see it: %(place)s")


def _push(kinds: list[str]) -> str:
    if len(kinds) == 1 and kinds[0] == Kind.MESSAGE_WAITING:
        return _("A message is waiting for you. Sign in to read it.")
    return _("Something is waiting for you. Sign in to see it.")


def _several(kinds: list[str]) -> str:
    lines = [f"- {_TEXTS.get(each, _message)()[0]}\n" for each in kinds]
    return (
        _("These wait for you:\n\n")
        + "".join(lines)
        + "\n"
        + _("To keep them private, no more is in this email. Sign in to see them: %(place)s\n")
        + "\n"
        + _("In an emergency call 911. Please do not answer this email; nobody reads it.\n")
    )


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


def _account() -> tuple[str, str]:
    return _("Your account was taken off a health record"), _(
        "Your practice was told that this account is lost, and took it off a health record. You "
        "get a new one by an invitation of the practice.\n"
        "\n"
        "If it was not you who asked for this, telephone your practice now.\n"
        "\n"
        "%(place)s\n"
        "\n"
        "Please do not answer this email; nobody reads it.\n"
    )


def _new_device() -> tuple[str, str]:
    return _("Somebody signed in to your account"), _(
        "Somebody signed in to your account just now, with a device or browser that was not used "
        "for it before. If it was you, there is nothing to do.\n"
        "\n"
        "If it was not you: sign in, choose Account, end the other sign-ins and change your "
        "password, then telephone your practice: %(place)s\n"
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


def _reading() -> tuple[str, str]:
    return _("A reading from home needs a look"), _(
        "A patient entered a reading that is past your practice's limits. The patient was told at "
        "once what to do; whose it is, and what, is not in this email.\n"
        "\n"
        "Sign in to see it, under From home: %(place)s\n"
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
    Kind.ACCOUNT_RECOVERED.value: _account,
    Kind.NEW_DEVICE.value: _new_device,
    Kind.WORK_WAITING.value: _work,
    Kind.READING_WAITING.value: _reading,
    Kind.NOT_READ.value: _not_read,
}
