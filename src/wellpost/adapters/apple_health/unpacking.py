"""The export.xml inside an export.zip, read piece by piece; a bomb is refused."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from wellpost.errors import DataRefusedError

PIECE = 1 << 20
HEAD = 256 * 1024
MOST_BYTES = 8 << 30
MOST_TIMES = 200
"""An export shrinks 15 to 40 times when packed; one that grows 200 times is no export."""
FAULTS = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError
)  # fmt: skip


def xml_inside(file: IO[bytes]) -> Iterator[bytes]:
    """The pieces of the export in a ZIP file; DataRefusedError when there is none."""
    with _readable(), zipfile.ZipFile(file) as archive, archive.open(_export_in(archive)) as opened:
        while piece := opened.read(PIECE):
            yield piece


def export_size(file: IO[bytes]) -> int:
    """How many bytes the export in a ZIP file has, unpacked; errors as of `xml_inside`."""
    with _readable(), zipfile.ZipFile(file) as archive:
        return _export_in(archive).file_size


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever can be wrong with a ZIP file, in one sentence."""
    try:
        yield
    except FAULTS as fault:
        raise DataRefusedError(
            f"The ZIP file is damaged or locked ({type(fault).__name__}). Export from the Health "
            "app again and send that file as it is."
        ) from None


def _export_in(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    for entry in archive.infolist():
        if entry.filename.lower().endswith(".xml") and _is_export(archive, entry):
            return entry
    raise DataRefusedError(
        "No Apple Health export is in this ZIP file. It should hold apple_health_export/export.xml."
    )


def _is_export(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """By its content: the phone's language changes the name."""
    with archive.open(entry) as opened:
        head = opened.read(HEAD)
    if b"<HealthData" not in head:
        return False
    if entry.file_size > min(MOST_BYTES, MOST_TIMES * max(entry.compress_size, 1)):
        raise DataRefusedError(
            f"{entry.file_size >> 20} MB are packed into {entry.compress_size} bytes there; that "
            "is no export of the Health app. Export again and send that file as it is."
        )
    return True
