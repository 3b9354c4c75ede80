"""The lines of a CSV file, plain or gzipped: its first, and the one on which a row starts."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from wellpost.errors import DataRefusedError


def header(path: Path, shown: str) -> list[str]:
    """The names in the first line; DataRefusedError calls the file `shown`."""
    try:
        with _opened(path, errors="surrogateescape") as file:
            names = [name.strip() for name in next(csv.reader(file, strict=True), [])]
        "".join(names).encode()
    except (UnicodeError, csv.Error):
        raise DataRefusedError(
            f"{shown}:1: it is not UTF-8 text; save the file as UTF-8."
        ) from None
    except (OSError, EOFError, zlib.error):
        raise DataRefusedError(f"{shown}: it is not whole gzip; it was cut off.") from None
    if not any(names):
        raise DataRefusedError(f"{shown} is empty; its first line must name the columns.")
    _refuse_twins(shown, names)
    return names


def _refuse_twins(shown: str, names: list[str]) -> None:
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise DataRefusedError(f"{shown}:1: column {twins[0]} stands there twice.")


def line_of_row(path: Path, row: int) -> int:
    """The line on which that row starts (the first line is 1, row 0 the first below the header)."""
    with _opened(path) as file:
        records = csv.reader(file)
        width = len(next(records))
        before, rows = records.line_num, -1
        for record in records:
            rows += len(record) == width
            if rows == row:
                return before + 1
            before = records.line_num
    return before


def unreadable_lines(path: Path) -> int:
    """How many records have more or fewer fields than the first line names."""
    with _opened(path) as file:
        records = csv.reader(file)
        width = len(next(records, []))
        return sum(1 for record in records if record and len(record) != width)


@contextmanager
def _opened(path: Path, errors: str = "replace") -> Iterator[TextIO]:
    """The text of the file; lines as they are."""
    if path.suffix.lower() != ".gz":
        with path.open(encoding="utf-8-sig", newline="", errors=errors) as file:
            yield file
        return
    with gzip.open(path) as packed:
        yield io.TextIOWrapper(packed, encoding="utf-8-sig", newline="", errors=errors)
