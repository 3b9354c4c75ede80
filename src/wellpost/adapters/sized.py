"""Files of others read whole, but never larger than such a file can be."""

from __future__ import annotations

from pathlib import Path

from wellpost.errors import DataRefusedError, RequestError

LIMIT = 20 * 1024 * 1024
"""Bytes. The largest of CMS's own samples has 2 million; 20 million fit any memory."""


def read_sized(path: Path, what: str) -> bytes:
    """All bytes of the file; DataRefusedError when there are more than `what` can have."""
    try:
        with path.open("rb") as file:
            content = file.read(LIMIT + 1)
            size = path.stat().st_size
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.") from None
    if len(content) > LIMIT:
        raise DataRefusedError(
            f"{path.name} has {size / 1024**2:,.0f} MB; {what} has at most {LIMIT // 1024**2} MB."
        )
    return content
