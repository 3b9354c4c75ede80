"""A file of a message, opened piece by piece as it goes out: its bytes, or, for who asks for FHIR,
a Binary with them in base64. It is never shown in a page: a browser saves it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from wellpost.server.messaging.attached import OpenFile
from wellpost.server.messaging.exchange import open_file
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.smart import scopes

from ..formats import FHIR_JSON
from ..outcomes import not_here
from .asker import Asker
from .asking import key
from .on_record import used

TOGETHER = 3 * 16 * 1024
"""Bytes encoded at once: a number that 3 divides, so that the pieces join."""
GUARDS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def may_open(asker: Asker) -> bool:
    """Whether the files of messages are open to the asker: to apps that may read these."""
    if asker.reader is None:
        return True
    return scopes.constraints(asker.reader.scope, "Communication", scopes.READ) is not None


def stream(request: HttpRequest, asker: Asker, resource_id: str) -> HttpResponseBase | None:
    """The file, on record; None where no message in sight has it."""
    identifier = key(resource_id)
    if identifier is None:
        raise not_here()
    try:
        file = open_file(asker.sight, identifier)
    except NotAllowed:
        return None
    used(asker)
    answer = _as_fhir(file, resource_id) if _wants_fhir(request) else _as_it_is(file)
    for name, value in GUARDS.items():
        answer[name] = value
    return answer


def _wants_fhir(request: HttpRequest) -> bool:
    asked = request.GET.get("_format", request.headers.get("Accept", ""))
    return "json" in asked.split(",")[0]


def _as_it_is(file: OpenFile) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(file.pieces, content_type=file.type)
    answer["Content-Length"] = str(file.size)
    answer["Content-Disposition"] = str(content_disposition_header(True, file.name))
    return answer


def _as_fhir(file: OpenFile, resource_id: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(_pieces(file, resource_id), content_type=FHIR_JSON)


def _pieces(file: OpenFile, resource_id: str) -> Iterator[bytes]:
    head = {"resourceType": "Binary", "id": resource_id, "contentType": file.type}
    yield f'{json.dumps(head)[:-1]}, "data": "'.encode()
    waiting = bytearray()
    for piece in file.pieces:
        waiting += piece
        whole = len(waiting) // TOGETHER * TOGETHER
        yield base64.b64encode(waiting[:whole])
        del waiting[:whole]
    yield base64.b64encode(waiting) + b'"}'
