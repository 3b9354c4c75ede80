"""Sending the record to somebody: as a file in an email, or sealed behind a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import Permission, require
from wellpost.server.records.uses import use

from .contents import Contents
from .files import Form, what
from .letters import mail_file, mail_link
from .making import make
from .models import Sealed, Transmission, Way
from .sealing import make_code, make_token, seal, token_hash

MOST_BY_EMAIL = 15 * 1024 * 1024
MOST_BY_LINK = 50 * 1024 * 1024
HOURS = 72
"""How long a link opens."""


class SentAlreadyError(RequestError):
    """The same form came twice; the first was done."""


@dataclass(frozen=True)
class Wanted:
    """What to send to whom; `client_key` is made with the form, so that it is done once."""

    patient: Patient
    to_whom: str
    form: Form
    client_key: UUID
    start: date | None = None
    end: date | None = None

    @property
    def what(self) -> str:
        """What the log keeps."""
        return what(self.form, self.start, self.end)


def send_by_email(*, by: User, wanted: Wanted) -> Transmission:
    """Send the file itself, which the way there can read. The caller has the sender's consent.

    RequestError where there is too much, or the mail server did not take it: nothing is on record
    as sent then. SentAlreadyError when it was sent before. NotAllowed for outsiders.
    """
    name, media_type, content = _made(by, wanted, MOST_BY_EMAIL)
    sending = _begin(by, wanted, Way.EMAIL)
    _mail(by, sending, lambda: mail_file(wanted.to_whom, name, media_type, content))
    return _sent(by, sending)


def send_link(*, by: User, wanted: Wanted) -> tuple[Transmission, str]:
    """Seal the file, mail a link to it; gives the code that opens it, shown this once.

    Errors as of `send_by_email`.
    """
    name, media_type, content = _made(by, wanted, MOST_BY_LINK)
    token, code = make_token(), make_code()
    with transaction.atomic():
        sending = _begin(by, wanted, Way.LINK, token)
        wrapped, sealed = seal(content, token, code, sending.pk.bytes)
        Sealed.objects.create(
            transmission=sending, name=name, media_type=media_type,
            wrapped_key=wrapped, content=sealed,
        )  # fmt: skip
    _mail(by, sending, lambda: mail_link(wanted.to_whom, token, HOURS))
    return _sent(by, sending), code


def _made(by: User, wanted: Wanted, most: int) -> tuple[str, str, bytes]:
    require(by, Permission.READ_RECORD, wanted.patient)
    if Transmission.objects.filter(user=by, client_key=wanted.client_key).exists():
        raise _again()
    file = make(Contents(wanted.patient, by, wanted.start, wanted.end), wanted.form)
    return file.name, file.media_type, file.whole(most)


def _begin(by: User, wanted: Wanted, way: Way, token: str = "") -> Transmission:
    """The row, before anything leaves: what is not finished can be seen."""
    now = clock.now()
    try:
        with transaction.atomic():
            return Transmission.objects.create(
                patient=wanted.patient,
                practice=wanted.patient.practice,
                user=by,
                way=way,
                to_whom=wanted.to_whom,
                what=wanted.what,
                client_key=wanted.client_key,
                made_at=now,
                token_hash=token_hash(token) if token else "",
                expires_at=now + timedelta(hours=HOURS) if token else None,
            )
    except IntegrityError:
        raise _again() from None


def _mail(by: User, sending: Transmission, mail: Callable[[], None]) -> None:
    """No transaction is open meanwhile: a mail server may take its time."""
    try:
        mail()
    except Exception as fault:
        with transaction.atomic():
            record(
                by=by,
                deed=Deed.RECORD_NOT_SENT,
                target=sending,
                outcome="failed",
                details={"way": sending.way, "fault": type(fault).__name__},
            )
            sending.delete()
        raise RequestError(
            _("The email could not be sent, so nothing was. Try again later, or another way.")
        ) from fault


@transaction.atomic
def _sent(by: User, sending: Transmission) -> Transmission:
    sending.sent_at = clock.now()
    sending.save(update_fields=["sent_at"])
    use(
        by=by, patient=sending.patient, action="transmit", what=sending.what,
        to_whom=sending.to_whom,
    )  # fmt: skip
    return sending


def _again() -> SentAlreadyError:
    return SentAlreadyError(_("This was sent already; it is in the list below."))
