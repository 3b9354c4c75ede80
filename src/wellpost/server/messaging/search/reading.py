"""The texts of a message by which it is found."""

from __future__ import annotations

from ..content import Content
from ..models import Message, Thread
from ..reader import Reader


def texts_of(message: Message, thread: Thread, reader: Reader) -> list[str] | None:
    """What was written, the names of its files, and, of the first message, the subject; None, with
    the alarm on record, where it does not open.
    """
    content = reader.content(message, thread)
    return None if content is None else texts_in(message, content, reader.subject(thread))


def texts_in(message: Message, content: Content, subject: str | None) -> list[str]:
    """The same of a message that is open."""
    named = [each.name for each in content.files]
    return [content.text, *named, *([subject] if subject and message.sequence == 1 else [])]
