"""What is refused of a file. The sentence goes on after "File 2"."""

from __future__ import annotations

from wellpost.errors import DataRefusedError


class FileRefusedError(DataRefusedError):
    """A file that cannot be taken: `File 2 is damaged: …`."""


class DamagedError(FileRefusedError):
    """A file whose inside is not as its kind has it."""

    def __init__(self) -> None:
        super().__init__(
            "is damaged, or not what it seems. Open it with the program it was made with, save it "
            "again, and send the new one."
        )


class ScannerAwayError(DataRefusedError):
    """The virus scanner that is configured does not answer."""
