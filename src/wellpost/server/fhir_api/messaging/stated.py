"""The part of the CapabilityStatement about messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..library import base
from . import events, searching, tasks
from .asking import Searched

TYPES: Mapping[str, str] = {
    "_id": "token",
    "patient": "reference",
    "subject": "reference",
    "sender": "reference",
    "recipient": "reference",
    "part-of": "reference",
    "in-response-to": "reference",
    "focus": "reference",
    "owner": "reference",
    "agent": "reference",
    "sent": "date",
    "date": "date",
    "_lastUpdated": "date",
}
"""Of the parameters; every other is a token."""


def resources() -> Iterator[dict[str, Any]]:
    """Communication, Task, AuditEvent, and the files of messages."""
    yield _stated(searching.SEARCHED, "create", "update") | {
        "conditionalCreate": True,
        "documentation": (
            "A thread has a topic and no payload; a message is part of one. A message is sent by "
            "create, and taken back by update with status entered-in-error."
        ),
        "operation": [{"name": "options", "definition": f"{base()}/OperationDefinition/options"}],
    }
    yield _stated(tasks.SEARCHED, "update")
    yield _stated(events.SEARCHED)
    yield {"type": "Binary", "interaction": [{"code": "read"}]}


def _stated(searched: Searched, *deeds: str) -> dict[str, Any]:
    return {
        "type": searched.kind,
        "interaction": [{"code": code} for code in ("read", "search-type", *deeds)],
        "versioning": "versioned-update" if "update" in deeds else "versioned",
        "readHistory": False,
        "updateCreate": False,
        "conditionalRead": "not-match",
        "referencePolicy": ["literal"],
        "searchParam": [
            {"name": name, "type": TYPES.get(name, "token")} for name in searched.parameters
        ],
    }
