"""How email leaves: by a mail server, else as files in the home."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from wellpost.errors import RequestError

FORM = "smtp://name:password@mail.example.org:587, or smtps:// for TLS from the start"


def mail_backend() -> str:
    """A mail server where WELLPOST_MAIL names one; else files."""
    kind = "smtp" if os.environ.get("WELLPOST_MAIL") else "filebased"
    return f"django.core.mail.backends.{kind}.EmailBackend"


def mail_server() -> dict[str, Any]:
    """Django's settings of the server that WELLPOST_MAIL names."""
    address = os.environ.get("WELLPOST_MAIL", "")
    if not address:
        return {}
    parts = urlsplit(address)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise RequestError(f"WELLPOST_MAIL does not name a mail server; write {FORM}.")
    at_once = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if at_once else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": at_once,
        "EMAIL_USE_TLS": not at_once,
        "EMAIL_TIMEOUT": 20,
    }
