"""A file of a message, downloaded."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import StreamingHttpResponse

from wellpost.server.messaging.downloads import download
from wellpost.server.messaging.seats import Side

from .acting import PortalRequest


@login_required
def attachment(request: PortalRequest, attachment_id: UUID) -> StreamingHttpResponse:
    """The file, for who may read its message."""
    return download(attachment_id, request.user, Side.PATIENT)
