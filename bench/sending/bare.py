"""The floor: a bare Django view that encrypts, checks that one belongs, keeps the message and an
audit row, and commits once. No session, no forms, no thread, no notice, nothing to read it again.
"""

from __future__ import annotations

import os
import sys
import uuid
from datetime import UTC, datetime

KEY = bytes(32)


def serve(port: int) -> None:
    """Like `wellpost serve --workers 2`."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "sending.bare:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=8,
        websockets=False,
    ).serve()


def send(request, thread_id: uuid.UUID):  # type: ignore[no-untyped-def]  # a view, Django loaded late
    """One message, durable."""
    from django.db import transaction
    from django.http import HttpResponse

    from wellpost.server.audit.models import AuditRow
    from wellpost.server.messaging.associated_data import encode
    from wellpost.server.messaging.envelope import seal
    from wellpost.server.messaging.models import Message, Thread

    with transaction.atomic():
        thread = Thread.objects.only("patient").get(pk=thread_id, patient__user__isnull=False)
        message = uuid.uuid4()
        nonce, sealed = seal(KEY, request.POST["body"].encode(), encode(thread_id, message))
        now = datetime.now(UTC)
        Message(
            id=message, thread_id=thread_id, epoch_id=1, sequence=message.int % 2**31,
            sender_kind="patient", sent_to="clinician", sent_at=now, sent_on=now.date(),
            content_type="text/plain", nonce=nonce, sealed=sealed,
            client_key=request.POST["client_key"],
        ).save(force_insert=True)  # fmt: skip
        AuditRow.objects.create(
            recorded_at=now, deed="message_sent", patient_id=str(thread.patient_id),
            target_kind="message", target_id=str(message),
        )  # fmt: skip
    return HttpResponse(status=302, headers={"Content-Length": "0"})


def _application():  # type: ignore[no-untyped-def]  # Django is loaded late
    os.environ["DJANGO_SETTINGS_MODULE"] = "sending.bare_settings"
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
else:
    application = _application()
