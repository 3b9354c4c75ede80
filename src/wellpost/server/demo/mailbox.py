"""The emails that the demo did not send: Django's mail backend writes each into a file."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

LATEST = 50
BETWEEN = "-" * 79
"""The line that the backend writes after each message of a file."""


@dataclass(frozen=True)
class Letter:
    """One email as its reader would see it."""

    to: str
    subject: str
    text: str


def letters() -> list[Letter]:
    """The latest emails, the newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    found: list[Letter] = []
    for path in files[:LATEST]:
        found += reversed(_letters(path.read_bytes()))
    return found[:LATEST]


def _letters(content: bytes) -> list[Letter]:
    parts = content.split(f"\n{BETWEEN}\n".encode())
    return [_letter(part.lstrip()) for part in parts if part.strip()]


def _letter(content: bytes) -> Letter:
    message = email.message_from_bytes(content, policy=email.policy.default)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return Letter(str(message["To"]), str(message["Subject"]), text.strip())
