"""The emails that carry a record, or a link to one. They do not say whose it is."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _


def mail_file(address: str, name: str, media_type: str, content: bytes) -> None:
    """The file itself, readable for everybody on the way; raises what the mail server raises."""
    text = render_to_string("sharing/mail/file.txt", {"name": name})
    message = EmailMessage(_("A health record for you"), text, None, [address])
    message.attach(name, content, media_type)
    message.send()


def mail_link(address: str, token: str, hours: int) -> None:
    """A link that opens once, with a code that is told another way."""
    place = settings.SITE_ADDRESS.rstrip("/") + reverse("sharing:shared", args=[token])
    text = render_to_string("sharing/mail/link.txt", {"place": place, "hours": hours})
    EmailMessage(_("A health record waits for you"), text, None, [address]).send()
