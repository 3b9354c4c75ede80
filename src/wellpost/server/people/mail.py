"""The letters that go out by email. They name no patient, no practice and nothing of care."""

from __future__ import annotations

import logging
from collections.abc import Callable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

logger = logging.getLogger("wellpost.mail")


def was_taken(letter: Callable[[], None]) -> bool:
    """Whether the mail server took the letter. What was done before it was sent stays done."""
    try:
        letter()
    except (SMTPException, OSError) as fault:
        # Its words may hold the address; its kind is enough to look into.
        logger.warning("a letter was not sent: %s", type(fault).__name__)
        return False
    return True


def mail_invitation(address: str, code: str) -> None:
    """Send the code to one who is invited to open an account.

    The code stands behind # in the address: browsers never send that part, so it is in no log.
    """
    _send(address, _("Your invitation"), "people/mail/invitation.txt", "invitation", code)


def mail_member_invitation(address: str, code: str) -> None:
    """Send the code to somebody of a practice who is to set a password."""
    page = "member_invitation"
    _send(address, _("Your account is ready"), "people/mail/member_invitation.txt", page, code)


def mail_new_password(address: str, link: str) -> None:
    """Send the link by which its owner chooses a new password."""
    text = render_to_string("people/mail/new_password.txt", {"link": link})
    send_mail(_("Choose a new password"), text, None, [address])


def _send(address: str, subject: str, template: str, page: str, code: str) -> None:
    place = settings.SITE_ADDRESS.rstrip("/") + reverse(page)
    days = settings.INVITATION_DAYS
    text = render_to_string(template, {"place": place, "code": code, "days": days})
    send_mail(subject, text, None, [address])
