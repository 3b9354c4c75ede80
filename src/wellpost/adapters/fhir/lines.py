"""The files of a bulk export, line by line: gzipped or not, with the place of every line."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TypeAlias

import orjson

from wellpost.adapters.fhir.elements import Json
from wellpost.adapters.fhir.records import Place
from wellpost.errors import DataRefusedError

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done and how much there is (bytes or rows)."""

_NDJSON = re.compile(r".+\.ndjson(\.gz)?", re.IGNORECASE)
_GZIP_MAGIC = b"\x1f\x8b"
_LINES_BETWEEN_REPORTS = 2000


class BrokenLineError(DataRefusedError):
    """One line that is no FHIR resource; `place` says which."""

    def __init__(self, place: Place, says: str) -> None:
        self.place = place
        super().__init__(f"{place}: {says}")


def is_fhir_folder(path: str | Path) -> bool:
    """Whether a folder holds `.ndjson` or `.ndjson.gz` files."""
    return bool(ndjson_files(Path(path)))


def ndjson_files(folder: Path) -> list[Path]:
    """The NDJSON files of a folder, by name; none when there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(one for one in folder.iterdir() if _NDJSON.fullmatch(one.name) and one.is_file())


def other_files(folder: Path) -> list[str]:
    """The names of what else lies in the folder."""
    taken = {one.name for one in ndjson_files(folder)}
    return sorted(one.name for one in folder.iterdir() if one.name not in taken)


def files_of(folder: Path) -> list[Path]:
    """The NDJSON files of a folder; DataRefusedError when it is missing or holds none."""
    if not folder.is_dir():
        raise DataRefusedError(f"{folder}: there is no such folder; name the folder of the export.")
    found = ndjson_files(folder)
    if not found:
        raise DataRefusedError(
            f"{folder}: holds no FHIR NDJSON; put files such as Patient.ndjson or "
            "Encounter.000.ndjson.gz there, as a bulk export gives them."
        )
    return found


def lines(path: Path, progress: Progress | None = None) -> Iterator[tuple[Place, bytes]]:
    """Every line with something on it; DataRefusedError names a gzip that breaks off."""
    size = path.stat().st_size
    with path.open("rb") as raw:
        try:
            for number, line in enumerate(_unpacked(raw, path), start=1):
                if progress and number % _LINES_BETWEEN_REPORTS == 0:
                    progress(path.name, min(raw.tell(), size), size)
                if line.strip():
                    yield Place(path.name, number), line
        except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
            raise _broken_gzip(path, fault) from fault
    if progress:
        progress(path.name, size, size)


def _unpacked(raw: IO[bytes], path: Path) -> IO[bytes] | gzip.GzipFile:
    begins = raw.read(2)
    raw.seek(0)
    if begins == _GZIP_MAGIC:
        return gzip.GzipFile(fileobj=raw)
    if path.suffix.lower() == ".gz" and path.stat().st_size:
        raise gzip.BadGzipFile("no gzip header")
    return raw


def _broken_gzip(path: Path, fault: Exception) -> DataRefusedError:
    what = "breaks off before its end" if isinstance(fault, EOFError) else f"is damaged ({fault})"
    return DataRefusedError(
        f"{path.name}: this gzip file {what}; nothing of it can be trusted. "
        "Fetch the file again from the export."
    )


def is_exporters_log(line: bytes) -> bool:
    """Whether a line is of the exporter's own log, which lies beside what it exported."""
    try:
        first = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(first, dict) and "exportId" in first and "eventId" in first


def resource_on(line: bytes, place: Place) -> Json:
    """The resource a line holds; BrokenLineError says what is wrong with it."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as fault:
        raise BrokenLineError(
            place, f"is not JSON ({fault}); write one whole resource on each line."
        ) from None
    if not isinstance(value, dict):
        raise BrokenLineError(
            place, "is JSON but no object; write one FHIR resource, {…}, on each line."
        )
    return _named(value, place)


def _named(value: Json, place: Place) -> Json:
    for name, example in (("resourceType", "Encounter"), ("id", "abc-1")):
        if not isinstance(value.get(name), str) or not value[name]:
            raise BrokenLineError(
                place, f'has no {name}; every resource needs one, such as "{name}": "{example}".'
            )
    return value
