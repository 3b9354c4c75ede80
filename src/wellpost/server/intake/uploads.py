"""Files of a medical record dropped on the page, as the folder that an import reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from wellpost.errors import DataRefusedError

MOST_BYTES = 50_000_000
_NAMED = re.compile(r"[\w .()+-]{1,150}\.(ndjson|json)(\.gz)?", re.ASCII | re.IGNORECASE)


@contextmanager
def folder_of(files: Sequence[UploadedFile[Any]]) -> Iterator[Path]:
    """A folder with the files, gone afterwards.

    DataRefusedError for another kind of file, for two of one name, and for more than 50 MB.
    """
    _check(files)
    with TemporaryDirectory(prefix="wellpost-import-") as place:
        for each in files:
            with (Path(place) / str(each.name)).open("wb") as kept:
                kept.writelines(each.chunks())
        yield Path(place)


def _check(files: Sequence[UploadedFile[Any]]) -> None:
    names = [str(each.name) for each in files]
    if any(not _NAMED.fullmatch(name) for name in names):
        raise DataRefusedError(
            "Choose files that end in .ndjson, .ndjson.gz or .json, as a medical record exports "
            "them."
        )
    if len(set(names)) < len(names):
        raise DataRefusedError("Two files have one name; give each its own.")
    if sum(each.size or 0 for each in files) > MOST_BYTES:
        raise DataRefusedError(
            f"More than {MOST_BYTES / 1e6:.0f} MB cannot be dropped here; import the folder from "
            "the command line: wellpost import fhir FOLDER --practice TIN."
        )
