"""Keeping the index: a row with each message that is sent, none of what was taken back."""

from __future__ import annotations

from collections.abc import Iterable

from wellpost.server.people.models import User

from .. import alarms
from ..errors import TamperedError
from ..models import IndexedMessage, Message, PartyKey
from .blind import row_for, search_key


def row_of(
    message: Message, texts: Iterable[str], key: PartyKey | None, by: User | None
) -> IndexedMessage | None:
    """The new message's row of the index, not saved, to be stored with it.

    None where there is no key, and where the patient's does not open, which is an alarm and stops
    no message: what is not indexed is found all the same, since a search opens it.
    """
    if key is None:
        return None
    try:
        secret = search_key(key)
    except TamperedError as error:
        alarms.sound(error, by)
        return None
    return row_for(message, texts, key, secret)


def forget(message: Message) -> None:
    """Nobody finds it any more; in the caller's transaction."""
    IndexedMessage.objects.filter(message=message).delete()
