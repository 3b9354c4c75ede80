"""What the server does about files from home now and then: those that were stopped go on."""

from __future__ import annotations

import time

from .importing import read_soon, tidy, waiting

EVERY_SECONDS = 300


class Rounds:
    """Takes up files that nobody reads, and lets go of those that never came whole.

    Any number of processes may do so together: a file is claimed by the one that reads it.
    """

    def __init__(self) -> None:
        self._due = 0.0

    def __call__(self) -> None:
        """One round."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + EVERY_SECONDS
            tidy()
            for each in waiting():
                read_soon(each)
