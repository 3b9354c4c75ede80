"""Short texts of a practice, sealed by the key provider: a reason, the words of a search.

They may speak of a patient, so the database alone must not tell them.
"""

from __future__ import annotations

from . import alarms
from .associated_data import VERSION, encode
from .errors import TamperedError
from .keys.provider import Wrapped, provider
from .models import ChartSearch, LegalHold
from .showing import alarm_text


def seal_reason(hold: LegalHold, reason: str) -> None:
    """Put the reason into the hold; its practice, patient and id must be set already."""
    wrapped = provider().wrap(reason.encode(), reason_context(hold))
    hold.reason_key_id, hold.reason_sealed = wrapped


def reason_of(hold: LegalHold) -> str:
    """The reason; the alarm's text, with the alarm on record, when it is not what was sealed."""
    wrapped = Wrapped(hold.reason_key_id, bytes(hold.reason_sealed))
    return _opened(wrapped, reason_context(hold), hold)


def reason_context(hold: LegalHold) -> bytes:
    """What the provider binds the reason to."""
    return encode(
        "wellpost", VERSION, "reason of a hold", hold.pk, hold.practice_id, hold.patient_id
    )


def seal_search(search: ChartSearch, words: str) -> None:
    """Put the words into the search; its practice, user and id must be set already."""
    wrapped = provider().wrap(words.encode(), search_context(search))
    search.words_key_id, search.words_sealed = wrapped


def words_of(search: ChartSearch) -> str:
    """What was looked for; as `reason_of`."""
    wrapped = Wrapped(search.words_key_id, bytes(search.words_sealed))
    return _opened(wrapped, search_context(search), search)


def search_context(search: ChartSearch) -> bytes:
    """What the provider binds the words to."""
    return encode(
        "wellpost", VERSION, "words of a search", search.pk, search.practice_id, search.by_id
    )


def _opened(wrapped: Wrapped, context: bytes, row: LegalHold | ChartSearch) -> str:
    try:
        return provider().unwrap(wrapped, context).decode()
    except TamperedError:
        error = TamperedError("key", target_id=row.pk, practice_id=row.practice_id)
        alarms.sound(error, None)
        return alarm_text()
