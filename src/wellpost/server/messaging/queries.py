"""What is asked of conversations. Each takes the viewer and gives only what they may see."""

from __future__ import annotations

from .attached import OpenFile, open_attachment
from .checks import LONGEST_MESSAGE, LONGEST_SUBJECT
from .inbox import PAGE_SIZE, inbox, unread_count
from .opening import open_thread
from .reach import waiting_patients
from .showing import OpenMessage, OpenThread, ThreadRow

__all__ = [
    "LONGEST_MESSAGE",
    "LONGEST_SUBJECT",
    "PAGE_SIZE",
    "OpenFile",
    "OpenMessage",
    "OpenThread",
    "ThreadRow",
    "inbox",
    "open_attachment",
    "open_thread",
    "unread_count",
    "waiting_patients",
]
