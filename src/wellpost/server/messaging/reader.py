"""Opens what one person may read, and turns what does not open into an alarm, not a blank."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wellpost.server.people.models import User

from . import alarms
from .content import Content
from .envelope import EpochKeys
from .errors import TamperedError
from .keys.parties import Party
from .keys.ring import KeyRing, wraps_of
from .models import Message, Thread
from .places import located, open_message, open_subject
from .retention.words import destroyed_subject, destroyed_text


class Reader:
    """The epochs of some threads, opened as they are needed."""

    def __init__(self, by: User, parties: Iterable[Party], threads: Iterable[UUID]) -> None:
        self.by = by
        self._ring = KeyRing(by)
        self._wraps = wraps_of(parties, threads)
        self._keys: dict[tuple[UUID, int], EpochKeys | TamperedError] = {}

    @property
    def opened(self) -> int:
        """How many keys were opened."""
        return self._ring.opened

    def holds(self, thread: Thread, epoch: int) -> bool:
        """Whether the reader was given the epoch's key."""
        return (thread.id, epoch) in self._wraps

    def destroyed(self, thread: Thread, epoch: int) -> bool:
        """Whether the epoch's keys were destroyed at the end of the time it had to be kept. A
        mark alone does not make it so: who still holds the key reads on.
        """
        return thread.destruction_id is not None and not self.holds(thread, epoch)

    def subject(self, thread: Thread) -> str | None:
        """The thread's subject; None, with the alarm on record, when it does not open."""
        if self.destroyed(thread, thread.subject_epoch):
            return destroyed_subject(thread)
        try:
            return open_subject(thread, self.keys(thread, thread.subject_epoch))
        except TamperedError as error:
            if self._destroyed_meanwhile(thread, thread.subject_epoch):
                return destroyed_subject(thread)
            alarms.sound(error, self.by)
            return None

    def content(self, message: Message, thread: Thread) -> Content | None:
        """The message; None, with the alarm on record, when it does not open."""
        epoch = message.epoch
        try:
            if epoch.thread_id != thread.id:
                raise located("message", thread, message.pk)
            if self.destroyed(thread, epoch.number):
                return Content(destroyed_text(thread))
            return open_message(message, thread, self.keys(thread, epoch.number))
        except TamperedError as error:
            if self._destroyed_meanwhile(thread, epoch.number):
                return Content(destroyed_text(thread))
            alarms.sound(error, self.by)
            return None

    def keys(self, thread: Thread, epoch: int) -> EpochKeys:
        """The epoch's keys; TamperedError, the same one each time, when they do not open."""
        place = (thread.id, epoch)
        found = self._keys.get(place)
        if found is None:
            found = self._keys[place] = self._tried(thread, epoch)
        if isinstance(found, TamperedError):
            raise found
        return found

    def _destroyed_meanwhile(self, thread: Thread, epoch: int) -> bool:
        """Whether its keys ended after it was read: it is read once more before an alarm."""
        if thread.destruction_id is None:
            thread.refresh_from_db(fields=["destruction"])
        return self.destroyed(thread, epoch)

    def _tried(self, thread: Thread, epoch: int) -> EpochKeys | TamperedError:
        wrap = self._wraps.get((thread.id, epoch))
        if wrap is None:
            return located("key", thread, f"{thread.pk}/{epoch}")
        try:
            return self._ring.open(wrap, thread)
        except TamperedError as error:
            return error
