"""One client key, one message, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest

from django.db import IntegrityError, transaction

from .access import seat_of
from .drafts import Draft
from .errors import MessageRefusedError
from .keys.ring import KeyRing, wraps_of
from .models import Message
from .places import located
from .threads import thread_with_parties
from .writing import asked_in

USED = (
    "This was sent already with another content. Open the page again and send the new text "
    "from there."
)


def once(draft: Draft, deed: Callable[[], Message]) -> Message:
    """Do the deed, or give back the message that the same sending made before.

    The database decides: its constraint lets one message through for a sender's key. Nothing is
    asked before, so that the usual sending, which is the first, costs no statement more.
    """
    try:
        with transaction.atomic():
            return deed()
    except (IntegrityError, MessageRefusedError) as refusal:
        earlier = _earlier(draft)
        if earlier is None:
            raise
        if not _same(draft, earlier):
            raise _reason(refusal) from None
        return earlier


def _earlier(draft: Draft) -> Message | None:
    return Message.objects.filter(sender=draft.by, client_key=draft.client_key).first()


def _same(draft: Draft, earlier: Message) -> bool:
    thread = thread_with_parties(earlier.thread_id)
    seat, ring = seat_of(draft.by, thread), KeyRing(draft.by)
    wrap = wraps_of([seat.party], [thread.pk]).get((thread.pk, earlier.epoch.number))
    if wrap is None:
        raise located("key", thread, earlier.epoch_id)
    asked = asked_in(draft, ring.open(wrap, thread), thread)
    return compare_digest(asked, bytes(earlier.request_digest))


def _reason(refusal: Exception) -> MessageRefusedError:
    return refusal if isinstance(refusal, MessageRefusedError) else MessageRefusedError(USED)
