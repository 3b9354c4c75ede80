"""Passing a conversation to a colleague: with the patient reading along, or among staff alone."""

from __future__ import annotations

from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.messaging.actions import send_message
from wellpost.server.messaging.models import Thread
from wellpost.server.messaging.seats import Side
from wellpost.server.people.models import Membership, User

from .tasks import reassign


@transaction.atomic
def forward(
    *, thread: Thread, by: User, to: Membership, text: str, with_patient: bool, client_key: object
) -> None:
    """The colleague is brought in and told. `with_patient`: the text is a message that the
    patient reads too; otherwise a note for staff, and the colleague looks after it from now on.
    """
    if with_patient:
        send_message(
            thread=thread, by=by, body=text, client_key=client_key, to_colleague=to,
            side=Side.PRACTICE,
        )  # fmt: skip
    else:
        reassign(thread=thread, by=by, why=text, to=to)
    details = {"to": str(to.pk), "with_patient": with_patient}
    record(by=by, deed=Deed.THREAD_FORWARDED, target=thread, details=details)
