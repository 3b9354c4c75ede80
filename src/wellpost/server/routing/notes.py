"""Notes that those of the practice write to each other. The patient's side never opens them:
they are sealed for the practice's key alone, and no page, export or interface of theirs has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.messaging.access import seat_at
from wellpost.server.messaging.checks import checked_body
from wellpost.server.messaging.models import Thread
from wellpost.server.messaging.seats import Side
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.people.models import Membership, User

from .models import Note
from .sealing import seal_text, shown_text


@dataclass(frozen=True)
class OpenNote:
    """A note opened for one reader. `to`: whom the conversation was passed to with it."""

    author_name: str
    to: str
    written_at: datetime
    text: str
    mine: bool


@transaction.atomic
def add_note(*, thread: Thread, by: User, text: str, to: Membership | None = None) -> Note:
    """Keep a note; MessageRefusedError when it is empty or too long, NotAllowed for outsiders."""
    held = thread_with_parties(thread.pk)
    seat_at(by, held, Side.PRACTICE)
    note = Note(thread=held, author=by, to=to, written_at=clock.now())
    seal_text(note, held.practice, checked_body(text))
    note.save(force_insert=True)
    record(by=by, deed=Deed.NOTE_WRITTEN, target=held, details={"note": str(note.pk)})
    return note


@transaction.atomic
def notes_on(thread: Thread, by: User) -> list[OpenNote]:
    """The notes, oldest first; that they were read is on record. NotAllowed for outsiders."""
    seat_at(by, thread, Side.PRACTICE)
    held = thread.notes.select_related("author", "to__clinician", "to__user", "party_key")
    opened = [
        OpenNote(
            author_name=each.author.name,
            to=each.to.name if each.to else "",
            written_at=each.written_at,
            text=shown_text(each, by),
            mine=each.author_id == by.pk,
        )
        for each in held
    ]
    if opened:
        record(by=by, deed=Deed.NOTES_READ, target=thread, details={"notes": len(opened)})
    return opened
