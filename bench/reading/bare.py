"""The floor: Django views that fetch by the ORM and answer. Whoever asks gets it; nothing is noted.

The search knows its one question: a patient, a code, a year from which on.
"""

from __future__ import annotations

import os
import sys
import uuid
from datetime import UTC, datetime


def serve(port: int) -> None:
    """Like `wellpost serve --workers 2`."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "reading.bare:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=8,
        websockets=False,
    ).serve()


def read(request, resource_id: uuid.UUID):  # type: ignore[no-untyped-def]  # a view, Django loaded late
    """One resource."""
    from wellpost.server.records.models import Resource

    body = Resource.objects.values_list("body", flat=True).get(pk=resource_id)
    return _answer(body)


def search(request):  # type: ignore[no-untyped-def]  # a view, Django loaded late
    """Some resources, as a bundle."""
    from wellpost.server.records.models import Resource

    year = datetime(int(request.GET["date"].removeprefix("ge")), 1, 1, tzinfo=UTC)
    rows = (
        Resource.objects.filter(
            patient=request.GET["patient"],
            kind="Observation",
            tokens__parameter="code",
            tokens__code=request.GET["code"],
            occurred_at__gte=year,
        )
        .order_by("-occurred_at", "id")
        .values_list("id", "body")[: int(request.GET["_count"])]
    )
    entries = ",".join(
        f'{{"fullUrl":"http://localhost:8000/fhir/Observation/{key}","resource":{body},'
        '"search":{"mode":"match"}}'
        for key, body in rows
    )
    head = f'"id":"{uuid.uuid4()}","type":"searchset","link":[]'
    text = f'{{"resourceType":"Bundle",{head},"entry":[{entries}]}}'
    return _answer(text)


def _answer(text: str):  # type: ignore[no-untyped-def]  # a view's answer
    from django.http import HttpResponse

    held = text.encode()
    return HttpResponse(
        held, content_type="application/fhir+json", headers={"Content-Length": len(held)}
    )


def _application():  # type: ignore[no-untyped-def]  # Django is loaded late
    os.environ["DJANGO_SETTINGS_MODULE"] = "reading.bare_settings"
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
else:
    application = _application()
