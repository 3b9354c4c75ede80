"""A file of a message, downloaded."""

from __future__ import annotations

from uuid import UUID

from django.http import StreamingHttpResponse

from wellpost.server.messaging.downloads import download
from wellpost.server.messaging.seats import Side
from wellpost.server.people.permissions import Permission

from .desk import ClinicRequest, at_desk


@at_desk(Permission.READ_MESSAGES)
def attachment(request: ClinicRequest, attachment_id: UUID) -> StreamingHttpResponse:
    """The file, for who may read its message."""
    return download(attachment_id, request.user, Side.PRACTICE)
