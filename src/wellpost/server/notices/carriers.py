"""The ways a notice goes out: each is a carrier behind one verb, named in NOTICE_CARRIERS.

Email and text messages are here; web push has a room of its own, `push`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from http.client import HTTPMessage, HTTPResponse
from smtplib import SMTPRecipientsRefused
from typing import IO, Protocol
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from .models import Channel
from .texts import Letter

SECONDS = 20


class RefusedForGoodError(Exception):
    """The address does not take notices; trying again is of no use."""


class NobodyThereError(Exception):
    """No address is left to which it could go this way; another way steps in."""


class Carrier(Protocol):
    """Carries a letter to an address. `key` is the same at every attempt for the same notice."""

    def send(self, address: str, letter: Letter, key: str) -> None:
        """Raise anything when it did not go out; RefusedForGoodError when it never will."""


class EmailCarrier:
    """By the mail server that WELLPOST_MAIL names, else as files in the home."""

    def send(self, address: str, letter: Letter, key: str) -> None:
        """One mail; its Message-ID is the key, so that a mail server knows a repeat."""
        host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
        headers = {"Message-ID": f"<{key}@{host}>", "Auto-Submitted": "auto-generated"}
        mail = EmailMessage(letter.subject, letter.text, None, [address], headers=headers)
        try:
            mail.send()
        except SMTPRecipientsRefused as refused:
            if all(500 <= code < 600 for code, _ in refused.recipients.values()):
                raise RefusedForGoodError from None
            raise


class SmsCarrier:
    """By a gateway that takes a POST over https: WELLPOST_SMS and its neighbours say how."""

    def send(self, address: str, letter: Letter, key: str) -> None:
        """One text message; the key goes along as Idempotency-Key."""
        gateway: Mapping[str, str] = settings.SMS_GATEWAY
        named = dict(each.split("=", 1) for each in gateway["fields"].split(","))
        words = {"to": address, "from": gateway["sender"], "text": letter.text}
        body = {named[name]: value for name, value in words.items() if name in named and value}
        as_json = gateway["format"] == "json"
        kind = "application/json" if as_json else "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, "Idempotency-Key": key, **_authorization(gateway)}
        data = json.dumps(body) if as_json else urlencode(body)
        _post(Request(gateway["address"], data.encode(), headers))  # noqa: S310 - https: settings


@cache
def carriers() -> Mapping[str, Carrier]:
    """The carriers in use, by channel; text messages only where a gateway is set."""
    named = dict(settings.NOTICE_CARRIERS)
    if not settings.SMS_GATEWAY["address"]:
        named.pop(Channel.SMS.value, None)
    return {channel: import_string(path)() for channel, path in named.items()}


class _NoRedirects(HTTPRedirectHandler):
    """A gateway that answers from elsewhere is not the one that was trusted."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Never."""


def _post(request: Request) -> None:
    try:
        answer: HTTPResponse
        with build_opener(_NoRedirects).open(request, timeout=SECONDS) as answer:
            answer.read(1024)
    except HTTPError as error:
        error.close()
        if error.code in {400, 404, 410, 422}:
            raise RefusedForGoodError from None
        raise


def _authorization(gateway: Mapping[str, str]) -> dict[str, str]:
    """A token as it is; `name:password` as HTTP's basic authentication."""
    secret = gateway["secret"]
    if ":" in secret:
        return {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}
    return {"Authorization": f"Bearer {secret}"} if secret else {}


def _forget(*, setting: str, **_: object) -> None:
    if setting in {"NOTICE_CARRIERS", "SMS_GATEWAY"}:
        carriers.cache_clear()


setting_changed.connect(_forget)
