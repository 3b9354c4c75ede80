"""What the server does about conversations every few seconds, and every quarter of an hour."""

from __future__ import annotations

import time

from .automatic import answer_automatically
from .escalation import escalate
from .mailings import send_waiting
from .not_read import tell_of_unread

SELDOM_SECONDS = 900


class Rounds:
    """Answers automatically and sends to lists at each call; reminds now and then.

    Any number of processes may do so together: each deed holds its rows and is done once.
    """

    def __init__(self) -> None:
        self._due = 0.0

    def __call__(self) -> None:
        """One round."""
        answer_automatically()
        send_waiting()
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + SELDOM_SECONDS
            escalate()
            tell_of_unread()
