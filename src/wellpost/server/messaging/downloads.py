"""An attached file as the browser gets it: saved, never shown in the page."""

from __future__ import annotations

from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from wellpost.server.people.models import User

from .attached import OpenFile, open_attachment
from .seats import Side

ALONE = "default-src 'none'; sandbox"
"""What a browser that shows it all the same lets it do: nothing (CSP 3, sandbox)."""


def download(attachment_id: UUID, by: User, side: Side) -> StreamingHttpResponse:
    """The file, for who may read its message; streamed as it is opened."""
    return saved(open_attachment(attachment_id, by, side))


def saved(file: OpenFile) -> StreamingHttpResponse:
    """The file to be saved under its name; whatever is in it can do nothing here."""
    answer = StreamingHttpResponse(file.pieces, content_type=file.type)
    answer["Content-Length"] = str(file.size)
    answer["Content-Disposition"] = str(content_disposition_header(True, file.name))
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = ALONE
    return answer
