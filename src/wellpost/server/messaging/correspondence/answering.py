"""A file as the browser gets it: saved, never shown in the page."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from .making import File


def saved(file: File) -> StreamingHttpResponse:
    """The file, streamed as it is made."""
    answer = StreamingHttpResponse(file.pieces, content_type=file.media_type)
    answer["Content-Disposition"] = str(content_disposition_header(True, file.name))
    return answer
