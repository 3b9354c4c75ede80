"""Carries a notice to the browsers of one person."""

from __future__ import annotations

import base64
import hashlib
import json
from uuid import UUID

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from ..carriers import NobodyThereError
from ..models import PushBrowser
from ..texts import Letter
from .browsers import decoded, gone
from .keys import authorization
from .wire import PushFaultError, post

KEEP_SECONDS = 24 * 3600
"""How long a push service keeps it for a browser that is switched off."""
GONE = {404, 410}
"""How a push service says that it knows the browser no more (RFC 8030, 7.3)."""
SIZE = 1024
"""Every notice is filled up to this many bytes, so that its length tells nothing."""


class PushCarrier:
    """By the push service that each browser named, encrypted for it."""

    def send(self, address: str, letter: Letter, key: str) -> None:
        """`address` is the person's identifier. Each browser gets it once, also when it is tried
        again; one that is gone is ended. NobodyThereError where none is left.
        """
        faults = []
        for each in PushBrowser.objects.filter(user=UUID(address)).select_related("user"):
            if each.last_key != key:
                faults += _sent(each, letter, key)
        if faults:
            raise faults[0]
        if not PushBrowser.objects.filter(user=UUID(address)).exists():
            raise NobodyThereError


def encrypted(letter: Letter, browser: PushBrowser) -> bytes:
    """What that browser alone can read (RFC 8291), filled up to one size."""
    text = json.dumps({"title": letter.subject, "text": letter.text}).encode()
    held: bytes = http_ece.encrypt(
        text.ljust(SIZE),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=decoded(browser.public_key),
        auth_secret=decoded(browser.secret),
        version="aes128gcm",
    )
    return held


def _sent(browser: PushBrowser, letter: Letter, key: str) -> list[PushFaultError]:
    """Post it; the fault, if it is to be tried again."""
    headers = {
        "Authorization": authorization(browser.endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEEP_SECONDS),
        "Topic": _topic(key),
        "Urgency": "normal",
    }
    try:
        post(browser.endpoint, encrypted(letter, browser), headers)
    except PushFaultError as fault:
        if fault.status not in GONE:
            return [fault]
        gone(browser)
        return []
    PushBrowser.objects.filter(pk=browser.pk).update(last_key=key)
    return []


def _topic(key: str) -> str:
    """A repeat of a notice that still waits at the push service takes its place (RFC 8030, 5.4)."""
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())[:32].decode()
