"""The tree of errors: what was found, where, and what would be right. None names a patient."""

from __future__ import annotations


class WellpostError(Exception):
    """Anything Wellpost refuses. `str(error)` is the sentence a user reads.

    `exit_status` is what the command line returns for it: 1 the data was refused, 2 the
    request itself was wrong.
    """

    exit_status = 1


class DataRefusedError(WellpostError):
    """Facts, files or messages that break their description. One sentence a fault in `faults`."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class RequestError(WellpostError):
    """A command line, period, policy or form that cannot be right, whatever the data."""

    exit_status = 2


class NoRoomError(WellpostError):
    """Memory or disk was not enough for what was asked; nothing was left half written."""
