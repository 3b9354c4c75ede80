"""A thread and a message as Communications: the one with a topic and no payload, the other part of
it. `completed` says that it was transmitted, never that it was read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wellpost.server.messaging.company import Parties
from wellpost.server.messaging.content import Content, FileNote
from wellpost.server.messaging.models import Message, SenderKind, Thread, ThreadState
from wellpost.server.routing.models import Reason, Task

from ..library import base
from .references import Directory, of_patient
from .versions import Json, versioned

NOTIFICATION = "http://terminology.hl7.org/CodeSystem/communication-category"


def reasons_system() -> str:
    """The code system of a practice's reasons for messages."""
    return f"{base()}/CodeSystem/message-reason"


def no_reply_url() -> str:
    """The extension that says that nothing can be added to a thread."""
    return f"{base()}/StructureDefinition/no-reply"


def reason_concept(reason: Reason) -> Json:
    """A reason of the practice's list, by its id."""
    coding = {"system": reasons_system(), "code": str(reason.pk), "display": reason.name}
    return {"coding": [coding], "text": reason.name}


def changed_at(thread: Thread) -> datetime:
    """When it was written to, or what was decided of it changed, last."""
    task: Task | None = getattr(thread, "task", None)
    return max(thread.last_message_at, (task and task.changed_at) or thread.last_message_at)


def thread_resource(thread: Thread, subject: str, people: Parties, directory: Directory) -> Json:
    """The conversation itself; all its parties are its recipients."""
    task: Task | None = getattr(thread, "task", None)
    made: Json = {
        "resourceType": "Communication",
        "id": str(thread.pk),
        "status": "in-progress" if thread.state == ThreadState.OPEN else "completed",
        "subject": of_patient(thread.patient),
        "topic": {"text": subject},
        "sent": _moment(thread.started_at),
        "recipient": directory.parties(thread, people),
    }
    if thread.state == ThreadState.LOCKED:
        made["extension"] = [{"url": no_reply_url(), "valueBoolean": True}]
    if task and task.reason:
        made["category"] = [reason_concept(task.reason)]
    return versioned(made, changed_at(thread))


def message_resource(message: Message, content: Content, directory: Directory) -> Json:
    """One message; it has two versions at most, for nothing but taking it back changes it."""
    made: Json = {
        "resourceType": "Communication",
        "id": str(message.pk),
        "partOf": [{"reference": f"Communication/{message.thread_id}"}],
        "status": "entered-in-error" if message.retracted_at else "completed",
        "subject": of_patient(message.thread.patient),
        "sent": _moment(message.sent_at),
        "sender": directory.sender(message),
        "recipient": [directory.recipient(message)],
        "payload": [{"contentString": content.text}, *map(_attached, content.files)],
    }
    if message.in_reply_to_id:
        made["inResponseTo"] = [{"reference": f"Communication/{message.in_reply_to_id}"}]
    if message.sender_kind == SenderKind.AUTOMATED:
        coding = {"system": NOTIFICATION, "code": "notification", "display": "Notification"}
        made["category"] = [{"coding": [coding], "text": "Automatic message"}]
    changed = message.retracted_at or message.sent_at
    return versioned(made, changed, 2 if message.retracted_at else 1)


def _attached(file: FileNote) -> dict[str, Any]:
    said = {
        "contentType": file.type,
        "url": f"Binary/{file.id}",
        "size": file.size,
        "title": file.name,
    }
    return {"contentAttachment": said}


def _moment(at: datetime) -> str:
    return at.isoformat("T", "milliseconds")
