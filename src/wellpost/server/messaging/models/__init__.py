"""What messaging keeps: conversations, how long they are kept, and how they are found."""

from __future__ import annotations

from .conversations import (
    Addressee,
    Attachment,
    AttachmentChunk,
    Coverage,
    Epoch,
    KeyWrap,
    Message,
    Participant,
    PartyKey,
    PartyKind,
    Receipt,
    SenderKind,
    Thread,
    ThreadState,
)
from .finding import ChartSearch, Finding, IndexedMessage, SearchState
from .keeping import Destruction, LegalHold, RetentionPolicy
from .pictures import AttachmentThumbnail

__all__ = [
    "Addressee",
    "Attachment",
    "AttachmentChunk",
    "AttachmentThumbnail",
    "ChartSearch",
    "Coverage",
    "Destruction",
    "Epoch",
    "Finding",
    "IndexedMessage",
    "KeyWrap",
    "LegalHold",
    "Message",
    "Participant",
    "PartyKey",
    "PartyKind",
    "Receipt",
    "RetentionPolicy",
    "SearchState",
    "SenderKind",
    "Thread",
    "ThreadState",
]
