"""Keeping the index: a row with each message that is sent, none of what was taken back."""

from __future__ import annotations

from collections.abc import Iterable

from wellpost.server.people.models import User
from wellpost.server.prepared import insert

from .. import alarms
from ..errors import TamperedError
from ..models import IndexedMessage, Message, PartyKey
from .blind import row_for, search_key


def index(message: Message, texts: Iterable[str], key: PartyKey | None, by: User | None) -> None:
    """Index the new message, in the sending's transaction and by one statement.

    A patient's key that does not open is an alarm and stops no message: what is not indexed is
    found all the same, since a search opens it.
    """
    if key is None:
        return
    try:
        secret = search_key(key)
    except TamperedError as error:
        alarms.sound(error, by)
        return
    insert(row_for(message, texts, key, secret))


def forget(message: Message) -> None:
    """Nobody finds it any more; in the caller's transaction."""
    IndexedMessage.objects.filter(message=message).delete()
