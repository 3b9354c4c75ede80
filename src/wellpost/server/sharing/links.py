"""What becomes of a link: opened with the code, withdrawn, too late, shut after wrong codes."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, TextChoices
from django.utils.translation import gettext_lazy as _

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import User
from wellpost.server.people.permissions import Permission, require

from .models import Sealed, Transmission, Way
from .sealing import WrongCodeError, token_hash, unseal, unwrap

MOST_CODES = 5
"""Tries of the code; after them the file is erased."""


class State(TextChoices):
    """How it stands with a sending."""

    SENT = "sent", _("Sent")
    WAITING = "waiting", _("Not opened yet")
    OPENED = "opened", _("Opened")
    WITHDRAWN = "withdrawn", _("Taken back")
    EXPIRED = "expired", _("Too late to open")
    SHUT = "shut", _("Shut after wrong codes")
    UNKNOWN = "unknown", _("Not known whether it left")


@dataclass(frozen=True)
class Opened:
    """The file in the clear."""

    name: str
    media_type: str
    content: bytes


def state_of(sending: Transmission) -> State:
    """How it stands with it now."""
    if sending.sent_at is None:
        return State.UNKNOWN
    if sending.way == Way.EMAIL:
        return State.SENT
    if sending.opened_at:
        return State.OPENED
    if sending.withdrawn_at:
        return State.WITHDRAWN
    if sending.wrong_codes >= MOST_CODES:
        return State.SHUT
    late = sending.expires_at is not None and sending.expires_at <= clock.now()
    return State.EXPIRED if late else State.WAITING


def behind(token: str) -> Transmission | None:
    """The sending that a link belongs to; None for a token that never was, or never left."""
    return Transmission.objects.filter(token_hash=token_hash(token), sent_at__isnull=False).first()


def open_link(token: str, code: str) -> Opened:
    """The file, this once; RequestError in words where link or code does not open it.

    A try is counted before it is looked at, so that many at once are no more tries than in turn.
    """
    sending = behind(token)
    if sending is None or state_of(sending) is not State.WAITING or not _tried(sending):
        raise RequestError(_("This link opens nothing any more."))
    sealed = Sealed.objects.get(transmission=sending)
    bound_to = sending.pk.bytes
    try:
        key = unwrap(bytes(sealed.wrapped_key), token, code, bound_to)
    except WrongCodeError:
        _shut_after_the_last(sending)
        raise RequestError(_words_of_wrong_code(sending)) from None
    content = unseal(bytes(sealed.content), key, bound_to)
    _take(sending)
    return Opened(sealed.name, sealed.media_type, content)


@transaction.atomic
def withdraw(*, by: User, sending: Transmission) -> None:
    """Take a link back that was not opened yet; RequestError where it is too late for that."""
    require(by, Permission.READ_RECORD, sending)
    waiting = Transmission.objects.filter(
        pk=sending.pk, way=Way.LINK, opened_at=None, withdrawn_at=None
    )
    if not waiting.update(withdrawn_at=clock.now()):
        raise RequestError(_("It was opened or taken back already."))
    Sealed.objects.filter(transmission=sending).delete()
    record(by=by, deed=Deed.RECORD_LINK_WITHDRAWN, target=sending)


def erase_what_expired() -> int:
    """Erase the files of links that can be opened no more; how many."""
    late = Sealed.objects.filter(transmission__expires_at__lte=clock.now())
    return late.delete()[0]


def _tried(sending: Transmission) -> bool:
    open_still = Transmission.objects.filter(
        pk=sending.pk, opened_at=None, withdrawn_at=None, wrong_codes__lt=MOST_CODES
    )
    counted = open_still.update(wrong_codes=F("wrong_codes") + 1) == 1
    sending.refresh_from_db()
    return counted


@transaction.atomic
def _take(sending: Transmission) -> None:
    """The one who sets the moment gets the file; it is erased here."""
    first = Transmission.objects.filter(pk=sending.pk, opened_at=None, withdrawn_at=None)
    if not first.update(opened_at=clock.now(), wrong_codes=sending.wrong_codes - 1):
        raise RequestError(_("This link opens nothing any more."))
    Sealed.objects.filter(transmission=sending).delete()
    record(by=None, deed=Deed.RECORD_LINK_OPENED, target=sending)


@transaction.atomic
def _shut_after_the_last(sending: Transmission) -> None:
    if sending.wrong_codes >= MOST_CODES:
        Sealed.objects.filter(transmission=sending).delete()
        record(by=None, deed=Deed.RECORD_LINK_SHUT, target=sending, outcome="failed")


def _words_of_wrong_code(sending: Transmission) -> str:
    left = MOST_CODES - sending.wrong_codes
    if left <= 0:
        return str(_("That was the last try. The file is erased; ask for a new link."))
    return str(_("This is not the code. Tries left: %(left)d.")) % {"left": left}
