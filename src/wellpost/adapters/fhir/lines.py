"""The files of a bulk export, line by line: gzipped or not, with the place of every line."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TypeAlias

import orjson

from wellpost.adapters.fhir.bundles import entries, is_bundle
from wellpost.adapters.fhir.datatypes import Place
from wellpost.adapters.fhir.elements import Json
from wellpost.errors import DataRefusedError

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done and how much there is (bytes or rows)."""

_NDJSON = re.compile(r".+\.ndjson(\.gz)?", re.IGNORECASE)
_JSON = re.compile(r".+\.json(\.gz)?", re.IGNORECASE)
LONGEST_LINE = 100_000_000
"""Bytes of one resource; what is longer is no resource, and would fill the memory."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""What some programs of Windows write before the first line of a text in UTF-8."""
_GZIP_MAGIC = b"\x1f\x8b"
_LINES_BETWEEN_REPORTS = 2000


class BrokenLineError(DataRefusedError):
    """One line that is no FHIR resource; `place` says which."""

    def __init__(self, place: Place, says: str) -> None:
        self.place = place
        super().__init__(f"{place}: {says}")


def is_fhir_folder(path: str | Path) -> bool:
    """Whether it is a folder with NDJSON (gzipped or not) or Bundles in it or below it."""
    place = Path(path)
    return place.is_dir() and any(map(_holds_resources, _files(place)))


def _taken(place: Path) -> list[Path]:
    """The files with resources, by name; none when there is no such folder or file."""
    held = [place] if place.is_file() else _files(place) if place.is_dir() else []
    return sorted(one for one in held if _holds_resources(one))


def _files(folder: Path) -> Iterator[Path]:
    """Every file of a folder and of the folders in it."""
    return (one for one in folder.rglob("*") if one.is_file())


def shown(path: Path, folder: Path) -> str:
    """How errors name a file: by its way from the folder."""
    return str(path.relative_to(folder)) if folder in path.parents else path.name


def _holds_resources(path: Path) -> bool:
    if _NDJSON.fullmatch(path.name):
        return True
    return bool(_JSON.fullmatch(path.name)) and is_bundle(path)


def other_files(place: Path) -> list[str]:
    """The names of what else lies in the folder."""
    if not place.is_dir():
        return []
    taken = set(_taken(place))
    return sorted(shown(one, place) for one in _files(place) if one not in taken)


def files_of(folder: Path) -> list[Path]:
    """The files with resources in a folder, or the one file named.

    DataRefusedError when there is no such place, or nothing in it.
    """
    if not folder.exists():
        raise DataRefusedError(f"{folder}: there is no such folder; name the folder of the export.")
    found = _taken(folder)
    if not found:
        raise DataRefusedError(
            f"{folder}: holds no FHIR NDJSON; put files such as Patient.ndjson or "
            "Encounter.000.ndjson.gz there, as a bulk export gives them, or Bundles."
        )
    return found


def lines(
    path: Path, progress: Progress | None = None, name: str = ""
) -> Iterator[tuple[Place, bytes]]:
    """Every line with something on it, every entry of a Bundle. `name` is how places name the file.

    A mark of byte order before the first line is no part of it. DataRefusedError names a gzip that
    breaks off, and a line that is longer than any resource.
    """
    size, name = path.stat().st_size, name or path.name
    if not _NDJSON.fullmatch(path.name):
        yield from _entries(path, progress, size)
        return
    with path.open("rb") as raw:
        try:
            for number, line in enumerate(_bounded(_unpacked(raw, path)), start=1):
                if len(line) > LONGEST_LINE:
                    raise _too_long(Place(name, number))
                if progress and number % _LINES_BETWEEN_REPORTS == 0:
                    progress(path.name, min(raw.tell(), size), size)
                said = line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line
                if said.strip():
                    yield Place(name, number), said
        except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
            raise _broken_gzip(path, fault) from fault
    if progress:
        progress(path.name, size, size)


def _entries(path: Path, progress: Progress | None, size: int) -> Iterator[tuple[Place, bytes]]:
    try:
        for number, line in enumerate(entries(path), start=1):
            yield Place(path.name, number), line
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise _broken_gzip(path, fault) from fault
    if progress:
        progress(path.name, size, size)


def _bounded(stream: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    """Line by line; of one that never ends no more than shows that it does not."""
    while line := stream.readline(LONGEST_LINE + 1):
        yield line


def _too_long(place: Place) -> DataRefusedError:
    return DataRefusedError(
        f"{place}: a line of more than {LONGEST_LINE / 1e6:.0f} MB; write one resource on each "
        "line, and leave large files out of it."
    )


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
