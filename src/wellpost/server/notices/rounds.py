"""What the server does about notices every few seconds."""

from __future__ import annotations

import time

from .delivery import deliver_soon

SECONDS = 20


class Rounds:
    """Hands what is due to the thread that sends, so that a slow mail server holds up no other
    round. Any number of processes may do so together.
    """

    def __init__(self) -> None:
        self._due = 0.0

    def __call__(self) -> None:
        """One round."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + SECONDS
            deliver_soon()
