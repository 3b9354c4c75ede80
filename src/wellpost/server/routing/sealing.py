"""Sealing text under one party's key, and opening it. No key of the other side opens it."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag

from wellpost.server.messaging import alarms
from wellpost.server.messaging.associated_data import VERSION, encode
from wellpost.server.messaging.errors import TamperedError
from wellpost.server.messaging.keys.parties import Party, keys_of, party_of, private_key, public_key
from wellpost.server.messaging.showing import alarm_text
from wellpost.server.messaging.suites import suite
from wellpost.server.people.models import Practice, User

from .models import SealedText


def seal_text(row: SealedText, practice: Practice, text: str) -> None:
    """Put the text into the row, sealed by HPKE (RFC 9180) for the practice's key in force and
    bound to everything that stands beside it, which must be set already.
    """
    seal_for(row, party_of(practice), text)


def seal_for(row: SealedText, party: Party, text: str) -> None:
    """The same for another party: what a patient's side keeps is under its own key."""
    row.party_key = keys_of([party])[party]
    wrapping = suite(row.party_key.suite).wrapping
    row.sealed = wrapping.encrypt(text.encode(), public_key(row.party_key), _bound(row))


def open_text(row: SealedText) -> str:
    """The text; TamperedError when it or anything beside it was changed."""
    wrapping = suite(row.party_key.suite).wrapping
    try:
        opened = wrapping.decrypt(bytes(row.sealed), private_key(row.party_key), _bound(row))
    except (InvalidTag, ValueError):
        raise TamperedError(str(row._meta.model_name), target_id=row.pk) from None
    return opened.decode()


def shown_text(row: SealedText, by: User) -> str:
    """The text for a page; the alarm's, with the alarm on record, when it does not open."""
    try:
        return open_text(row)
    except TamperedError as error:
        alarms.sound(error, by)
        return alarm_text()


def _bound(row: SealedText) -> bytes:
    kind = row._meta.label_lower
    return encode("wellpost", VERSION, kind, row.pk, row.party_key.pk, *row.place())
