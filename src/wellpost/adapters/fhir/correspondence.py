"""Conversations as FHIR R4: a Communication for each thread, and one for each message, part of it.

A thread has a topic and neither payload nor partOf; a message has partOf, payload, sent, sender
and recipient. `completed` says that it was transmitted, never that it was read; one that was taken
back is entered-in-error. Files are Binary resources, written piece by piece.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]
TOGETHER = 3 * 16 * 1024
"""Bytes encoded at once: a number that 3 divides, so that the pieces join."""


@dataclass(frozen=True)
class Who:
    """Somebody who writes or is written to: `Patient/1`, and how they are called."""

    reference: str
    name: str

    def as_json(self) -> Json:
        """A FHIR Reference."""
        return {"reference": self.reference, "display": self.name}


@dataclass(frozen=True)
class AttachedFile:
    """A file of a message, and its bytes."""

    id: str
    name: str
    media_type: str
    size: int
    pieces: Iterable[bytes]


@dataclass(frozen=True)
class Written:
    """A message as it was sent."""

    id: str
    text: str
    sent_at: datetime
    sender: Who
    recipients: Sequence[Who]
    in_response_to: str = ""
    taken_back: bool = False
    files: Sequence[AttachedFile] = field(default_factory=tuple)


@dataclass(frozen=True)
class Conversation:
    """A thread: `open` while more can be expected."""

    id: str
    subject: str
    about: Who
    parties: Sequence[Who]
    open: bool
    started_at: datetime
    messages: Iterable[Written]


def bundle(conversations: Iterable[Conversation], *, base: str, at: datetime) -> Iterator[str]:
    """A Bundle of type `collection`, piece by piece; `base` is the address of the FHIR server."""
    head = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": at.isoformat("T", "seconds"),
    }
    yield f'{json.dumps(head)[:-1]}, "entry": ['
    comma = ""
    for resource in _resources(conversations):
        for piece in resource.pieces(base):
            yield comma + piece
            comma = ""
        comma = ",\n"
    yield "]}\n"


@dataclass(frozen=True)
class _Resource:
    """A resource, whole but for the bytes of a file, which follow as `data`."""

    body: Json
    data: Iterable[bytes] | None = None

    def pieces(self, base: str) -> Iterator[str]:
        """The entry of the bundle."""
        full = f"{base}/{self.body['resourceType']}/{self.body['id']}"
        start = f'{{"fullUrl": {json.dumps(full)}, "resource": {_text(self.body)[:-1]}'
        if self.data is None:
            yield f"{start}}}}}"
            return
        yield f'{start}, "data": "'
        yield from _encoded(self.data)
        yield '"}}'


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False)


def _encoded(pieces: Iterable[bytes]) -> Iterator[str]:
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= TOGETHER:
            yield base64.b64encode(waiting[:TOGETHER]).decode()
            del waiting[:TOGETHER]
    yield base64.b64encode(waiting).decode()


def _resources(conversations: Iterable[Conversation]) -> Iterator[_Resource]:
    for each in conversations:
        yield _Resource(_thread(each))
        for message in each.messages:
            yield _Resource(_message(message, each))
            for file in message.files:
                body = {"resourceType": "Binary", "id": file.id, "contentType": file.media_type}
                yield _Resource(body, file.pieces)


def _thread(each: Conversation) -> Json:
    return {
        "resourceType": "Communication",
        "id": each.id,
        "status": "in-progress" if each.open else "completed",
        "topic": {"text": each.subject},
        "subject": each.about.as_json(),
        "recipient": [who.as_json() for who in each.parties],
        "sent": each.started_at.isoformat("T", "seconds"),
    }


def _message(each: Written, thread: Conversation) -> Json:
    answers = {"inResponseTo": [{"reference": f"Communication/{each.in_response_to}"}]}
    return {
        "resourceType": "Communication",
        "id": each.id,
        "partOf": [{"reference": f"Communication/{thread.id}"}],
        **(answers if each.in_response_to else {}),
        "status": "entered-in-error" if each.taken_back else "completed",
        "subject": thread.about.as_json(),
        "sent": each.sent_at.isoformat("T", "seconds"),
        "sender": each.sender.as_json(),
        "recipient": [who.as_json() for who in each.recipients],
        "payload": [{"contentString": each.text}, *(_attached(file) for file in each.files)],
    }


def _attached(file: AttachedFile) -> Json:
    said = {
        "contentType": file.media_type,
        "url": f"Binary/{file.id}",
        "size": file.size,
        "title": file.name,
    }
    return {"contentAttachment": said}
