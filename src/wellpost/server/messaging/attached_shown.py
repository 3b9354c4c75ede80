"""The files of messages as a page lists them: names, and small pictures opened with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from . import alarms
from .checking.kinds import PICTURES
from .content import Content, FileNote
from .envelope import Sealed
from .errors import TamperedError
from .models import Message, Thread
from .places import located
from .reader import Reader
from .showing import OpenFileNote
from .thumbnails import sealed_thumbnails, shown


def files_shown(
    contents: Sequence[tuple[Message, Content | None]], thread: Thread, reader: Reader
) -> dict[UUID, tuple[OpenFileNote, ...]]:
    """By message, what its page lists; a picture that was changed is left out, with the alarm."""
    read = [(message, content) for message, content in contents if content and content.files]
    pictures = [each.id for _, content in read for each in content.files if each.type in PICTURES]
    sealed = sealed_thumbnails(pictures)
    return {
        message.pk: tuple(_shown(each, message, thread, reader, sealed) for each in content.files)
        for message, content in read
    }


def _shown(
    note: FileNote, message: Message, thread: Thread, reader: Reader, sealed: Mapping[UUID, Sealed]
) -> OpenFileNote:
    said = (note.id, note.name, note.type, note.size, note.sha256)
    if note.id not in sealed:
        return OpenFileNote(*said)
    try:
        keys = reader.keys(thread, message.epoch.number)
        return OpenFileNote(*said, thumbnail=shown(note.id, sealed[note.id], keys))
    except TamperedError:
        alarms.sound(located("attachment", thread, note.id), reader.by)
        return OpenFileNote(*said)
