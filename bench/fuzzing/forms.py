"""Forms with files: how a request is taken apart, and how a file is known and cleaned."""

from __future__ import annotations

import io
from collections.abc import Iterator

import django

django.setup()

from django.core.exceptions import BadRequest, SuspiciousOperation  # noqa: E402 - Django is set up first
from django.core.files.base import ContentFile  # noqa: E402 - Django is set up first
from django.http.multipartparser import MultiPartParserError  # noqa: E402 - Django is set up first
from django.test import RequestFactory  # noqa: E402 - Django is set up first

from wellpost.errors import WellpostError  # noqa: E402 - Django is set up first
from wellpost.server.messaging.checking import archives  # noqa: E402 - Django is set up first
from wellpost.server.messaging.checking.looking import CLEANERS, _kind  # noqa: E402 - Django is set up first
from wellpost.server.messaging.checks import checked_body  # noqa: E402 - Django is set up first
from wellpost.server.ui.forms import PlainForm  # noqa: E402 - Django is set up first

BOUNDARY = "edge"
PATH = "/portal/threads/00000000-0000-0000-0000-000000000007/"
REFUSALS = (WellpostError, MultiPartParserError, SuspiciousOperation, BadRequest)
"""What a page answers with a sentence, or Django with 400 or 413."""


def corpus() -> Iterator[bytes]:
    """A form with two files; and a file of each kind that is cleaned."""
    from tests.made_files import film, office, photo, picture

    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{{}}"{{}}\r\n\r\n{{}}\r\n'
    fields = part.format("body", "", "A text") + part.format(
        "attachments", '; filename="a.txt"\r\nContent-Type: text/plain', "some words"
    )
    yield b"\x00" + f"{fields}--{BOUNDARY}--\r\n".encode()
    pictures = (picture("PNG"), picture("GIF"), picture("WEBP"), photo())
    for each in (office(), film(), *pictures):
        yield b"\x80" + each


def attempt(data: bytes) -> None:
    """The first byte says whether it is a form or a file."""
    try:
        (_form if data[:1] < b"\x80" else _file)(data[1:])
    except REFUSALS:
        return


def _form(held: bytes) -> None:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    request = RequestFactory().generic("POST", PATH, held, content_type=kind)
    form = PlainForm(request.POST, request.FILES)
    form.is_valid()
    checked_body(request.POST.get("body", ""))
    for each in request.FILES.values():
        _file(each.read())


def _file(held: bytes) -> None:
    file = ContentFile(held, "file")
    kind = _kind(file)
    if kind.startswith("application/") and kind != "application/pdf":
        archives.check(io.BytesIO(held))
    if kind in CLEANERS:
        CLEANERS[kind](io.BytesIO(held), io.BytesIO())
