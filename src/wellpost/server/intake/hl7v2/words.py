"""Whose word is the latest: older messages change nothing, in whatever order they come."""

from __future__ import annotations

from datetime import datetime

from wellpost.server.people.models import Practice

from .models import About, LatestWord


def latest_word(
    practice: Practice, about: About, key: object, said_at: datetime
) -> tuple[LatestWord, bool]:
    """What was said last of the patient or visit, this word among it; whether this is the latest.

    Of two words of one moment the one that comes later holds. In the caller's transaction.
    """
    word, made = LatestWord.objects.get_or_create(
        practice=practice, about=about, key=str(key), defaults={"said_at": said_at}
    )
    if not made and said_at < word.said_at:
        return word, False
    if not made:
        word.said_at = said_at
        word.save(update_fields=["said_at"])
    return word, True
