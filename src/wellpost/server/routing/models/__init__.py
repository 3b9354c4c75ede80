"""What is kept of the practice's work on conversations."""

from .sealed import SealedText
from .settings import Answering, Hours, Pool, PoolMember, Reason, ReasonKind, Wording
from .work import (
    Draft,
    InboxPreference,
    Mailing,
    MailingRecipient,
    Note,
    Priority,
    Reading,
    SavedView,
    Task,
    Waiting,
)

__all__ = [
    "Answering",
    "Draft",
    "Hours",
    "InboxPreference",
    "Mailing",
    "MailingRecipient",
    "Note",
    "Pool",
    "PoolMember",
    "Priority",
    "Reading",
    "Reason",
    "ReasonKind",
    "SavedView",
    "SealedText",
    "Task",
    "Waiting",
    "Wording",
]
