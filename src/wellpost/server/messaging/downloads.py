"""An attached file as the browser gets it: saved, never shown in the page."""

from __future__ import annotations

from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from wellpost.server.people.models import User

from .access import Side
from .attached import open_attachment


def download(attachment_id: UUID, by: User, side: Side) -> StreamingHttpResponse:
    """The file, for who may read its message; streamed as it is opened."""
    file = open_attachment(attachment_id, by, side)
    answer = StreamingHttpResponse(file.pieces, content_type=file.type)
    answer["Content-Length"] = str(file.size)
    answer["Content-Disposition"] = str(content_disposition_header(True, file.name))
    return answer
